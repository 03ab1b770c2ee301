/** A piece of a text: words, or an address to go to. */
export type Piece = { readonly text: string; readonly href?: string };

/**
 * Splits a text at its links, which are http, https, mailto or tel and nothing else. Joined again, the
 * pieces are the text. Takes time in proportion to its length.
 */
export function linkify(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let rest = 0;
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    const start = schemeStart(word);
    if (start === -1) continue;
    const address = withoutClosing(word.slice(start));
    const href = hrefOf(address);
    if (href === undefined) continue;
    const at = index + start;
    if (at > rest) pieces.push({ text: text.slice(rest, at) });
    pieces.push({ text: address, href });
    rest = at + address.length;
  }
  if (rest < text.length) pieces.push({ text: text.slice(rest) });
  return pieces;
}

/** Where an address begins in a word, such as `(https://…`: after opening marks alone. */
function schemeStart(word: string): number {
  return /^[("'<[{«“‘]*(?=(?:https?:\/\/|mailto:|tel:)[^\s])/i.exec(word)?.[0].length ?? -1;
}

/** The address without the marks that belong to the sentence around it. */
function withoutClosing(address: string): string {
  const characters = new Set(address);
  // "…/Mercury_(planet)" keeps its bracket, the one of "(see https://…)" is the sentence's.
  const isClosing = (mark: string) => {
    const opening = pairs[mark];
    return opening === undefined ? '.,;:!?"\'>»”’…'.includes(mark) : !characters.has(opening);
  };
  let end = address.length;
  while (end > 0 && isClosing(address.charAt(end - 1))) end -= 1;
  return address.slice(0, end);
}

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

function hrefOf(address: string): string | undefined {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return undefined;
  }
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  // A name before the host ("https://bank.example@evil.example") is there to deceive.
  if (isWeb) return url.hostname !== '' && url.username === '' && url.password === '' ? url.href : undefined;
  return (url.protocol === 'mailto:' || url.protocol === 'tel:') && url.pathname !== ''
    ? url.href
    : undefined;
}
