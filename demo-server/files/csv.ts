import { isUtf8 } from 'node:buffer';
import type { Effort } from './effort.ts';
import type { Kind } from './kind.ts';
import { notWhatItSays } from './kind.ts';
import { unsafe, unsupported } from './verdict.ts';

/**
 * Reads a table as text. Its bytes stay as they are, cells that begin with = among them: what a formula does is the reader's
 * program's business, and changing "-5" or "+1 555" would change what somebody wrote.
 */
export function inspectCsv(bytes: Buffer, effort: Effort, kind: Kind): Buffer {
  effort.spend(3 * bytes.length);
  const text = decode(bytes);
  if (text === undefined || forbidden.test(text)) throw notWhatItSays(kind, bytes);
  // Excel takes what begins like this for a sheet of its own old kind, macros and all, whatever its name.
  if (/^\s*ID;/.test(text))
    throw unsafe('This file says it is a CSV table, but it is a SYLK sheet. Save it as CSV, then send that.');
  if (beginsAsPage.test(text) || pageOrScript.test(text)) {
    throw unsafe('This file says it is a CSV table, but it holds a web page or a script.');
  }
  if (/^\s*(?:#!|@echo\b|%PDF-|%!PS|\{\\rt|MIME-Version:|Content-Type:)/i.test(text))
    throw notWhatItSays(kind, bytes);
  if (text.trim() === '') throw unsupported('This CSV table has nothing in it.');
  return bytes;
}

/** Control characters other than tab and line ends, and code points that are no characters. */

const forbidden = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x84\x86-\x9F\uFFFE\uFFFF]|\p{Cs}/u;
const beginsAsPage =
  /^\s*<(?:[!?%]|(?:head|body|meta|table|style|svg|xml|div|form|img|object|embed|link|a)\b)/i;
const pageOrScript = /<(?:script|!doctype|html|iframe|\?php|%@|job\b|hta:)/i;

/** The text in the encodings spreadsheets write; undefined when it is none. */
function decode(bytes: Buffer): string | undefined {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : isUtf8(bytes)
          ? 'utf-8'
          : 'windows-1252';
  // Five bytes that Windows-1252 has no letter for.
  if (encoding === 'windows-1252' && bytes.some((byte) => unassigned.has(byte))) return undefined;
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const unassigned: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
