/** A name in UTF-8 is no longer than a file system takes. */
const maxBytes = 255;

/**
 * What a file is called here: letters and emoji of every script stay, and the extension; paths, control and direction
 * characters, and what is invisible go, as does what a file system takes for something else. Never empty.
 */
export function cleanName(name: string): string {
  const visible = [...lastPart(name).toWellFormed().normalize('NFC')]
    .filter((character) => !unwanted.test(character))
    .join('')
    .replace(/\s+/gu, ' ')
    .replace(strayJoiner, '')
    .replace(strayTag, '')
    .replace(/[<>:"|?*]/g, '_');
  const bare = visible.slice(0, endWithoutDots(visible));
  const extension = extensionOf(bare);
  const stem = withoutEdges(bare.slice(0, bare.length - (extension === '' ? 0 : extension.length + 1)));
  const end = extension === '' ? '' : `.${extension}`;
  const start = device.test(stem) ? `_${stem}` : stem || 'file';
  return `${withoutEdges(cut(start, maxBytes - Buffer.byteLength(end)))}${end}`;
}

/** What stands behind the last dot, if it looks like an extension. */
export function extensionOf(name: string): string {
  return /\.([A-Za-z0-9]{1,16})$/.exec(name)?.[1] ?? '';
}

/** Control, format and direction characters, lone surrogates, what has no meaning yet. The joiners and tags are looked at below. */
const unwanted =
  /(?![\u200C\u200D\u{E0020}-\u{E007F}])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u115F\u1160\u3164\uFFA0\uFFFD\u034F\u2800]/u;
/** Joiners shape Persian words and put emoji together; beside anything else they only hide. */
const strayJoiner =
  /(?<![\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])[\u200C\u200D]+|[\u200C\u200D]+(?![\p{L}\p{M}\p{Extended_Pictographic}])/gu;
/** Tags make the flags of England, Scotland and Wales, behind a black flag. */
const strayTag = /(?<!\u{1F3F4}[\u{E0020}-\u{E007F}]{0,8})[\u{E0020}-\u{E007F}]/gu;
const device = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(?:\.|\s|$)/i;

/** A path is cut at both kinds of slash, whichever machine it comes from. What nobody can read of a name is not read. */
function lastPart(name: string): string {
  const start = Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1;
  const part = name.slice(start);
  return part.length <= 4_096 ? part : part.slice(0, 2_048) + part.slice(-2_048);
}

function withoutEdges(name: string): string {
  let start = 0;
  const end = endWithoutDots(name);
  while (start < end && isEdge(name[start])) start++;
  return name.slice(start, end);
}

function endWithoutDots(name: string): number {
  let end = name.length;
  while (end > 0 && isEdge(name[end - 1])) end--;
  return end;
}

const isEdge = (character: string | undefined): boolean => character === ' ' || character === '.';

/** As much of it as fits, without taking a letter from its accents or an emoji apart. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let kept = '';
  let left = bytes;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    left -= Buffer.byteLength(segment);
    if (left < 0) break;
    kept += segment;
  }
  return kept || 'file';
}
