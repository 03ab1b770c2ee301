import { limits } from '../../protocol/limits.ts';
import { inspectCsv } from './csv.ts';
import { inspectDoc } from './doc.ts';
import { inspectDocx } from './docx.ts';
import { Effort } from './effort.ts';
import { inspectJpeg } from './jpeg.ts';
import { endsLikeArchive, type Kind, kindOf, notWhatItSays } from './kind.ts';
import { cleanName } from './name.ts';
import { inspectPdf } from './pdf.ts';
import { inspectPng } from './png.ts';
import { excessive, type MediaType, type Refused, Unfit, unsafe, type Verdict } from './verdict.ts';

/**
 * What a file is. Its name claims, its bytes decide, and both must agree; what could run, load or hide something is turned
 * away. Never throws, and takes time in proportion to what was sent and unpacked: `Inspector` keeps even that away from
 * whoever else the server serves.
 */
export function inspect(name: string, bytes: Uint8Array, effort = new Effort(bytes.byteLength)): Verdict {
  const refused = refuseClaim(name, bytes.byteLength);
  if (refused) return refused;
  try {
    const cleaned = cleanName(name);
    const kind = kindOf(cleaned);
    if (kind instanceof Unfit) return refusedAs(kind);
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { claims, look } = inspectors[kind.mediaType];
    if (!claims(buffer)) throw notWhatItSays(kind, buffer);
    if (kind.mediaType !== docx && endsLikeArchive(buffer)) throw twoInOne(kind);
    return { kind: 'sound', mediaType: kind.mediaType, name: cleaned, bytes: look(buffer, effort, kind) };
  } catch (error) {
    if (error instanceof Unfit) return refusedAs(error);
    // A hole in what reads it. The file made it, so the file is what is turned away.
    return {
      kind: 'refused',
      code: 'invalid',
      reason: 'This file could not be read. Save it anew, then send it.',
    };
  }
}

/** What can be said before any of it is here: whether nothing of that name and size would be taken. */
export function refuseClaim(name: string, size: number): Refused | undefined {
  const kind = kindOf(cleanName(name));
  if (kind instanceof Unfit) return refusedAs(kind);
  if (size > limits.maxAttachmentBytes) return refusedAs(excessive('This file is larger than 25 MB.'));
  if (size < 1) return { kind: 'refused', code: 'invalid', reason: 'This file is empty.' };
  return undefined;
}

type Look = (bytes: Buffer, effort: Effort, kind: Kind) => Uint8Array;

const docx: MediaType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const anything = () => true;

/** How each kind begins, and who looks at the rest. What comes back is what may be kept. */
const inspectors: Readonly<Record<MediaType, { claims: (bytes: Buffer) => boolean; look: Look }>> = {
  'application/pdf': { claims: magic('%PDF-'), look: inspectPdf },
  'image/jpeg': { claims: magic('\xFF\xD8\xFF'), look: inspectJpeg },
  'image/png': { claims: magic('\x89PNG\r\n\x1A\n'), look: inspectPng },
  'application/msword': { claims: magic('\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1'), look: inspectDoc },
  // An old Office file of this name is a locked document; `inspectDocx` says so.
  [docx]: { claims: magic('PK\x03\x04', '\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1'), look: inspectDocx },
  'text/csv': { claims: anything, look: inspectCsv },
};

function magic(...starts: readonly string[]): (bytes: Buffer) => boolean {
  return (bytes) => starts.some((start) => bytes.toString('latin1', 0, start.length) === start);
}

const twoInOne = ({ noun }: Kind) =>
  unsafe(`This ${noun} is an archive at the same time. Save it anew, then send that.`);

const refusedAs = ({ code, reason }: Unfit): Refused => ({ kind: 'refused', code, reason });
