import type { Effort } from './effort.ts';
import { broken } from './verdict.ts';

/** One word of a PDF. Names and strings are given as they are meant, with their escapes resolved; long strings by their beginning. */
export type PdfToken =
  | { readonly kind: 'name' | 'string' | 'word'; readonly text: string }
  | { readonly kind: '<<' | '>>' | '[' | ']' };

/** Where words stop. */
const space = 1;
const delimiter = 2;
const classes = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) classes[byte] = space;
for (const character of '()<>[]{}/%') classes[character.charCodeAt(0)] = delimiter;

/** Nobody looks at more of a string than this: enough for the scheme of an address. */
const stringLimit = 64;
const nameLimit = 128;

/**
 * Reads the words of a PDF one after the other. It knows nothing of objects: whoever reads them skips what is packed, by `at`.
 * `onSkipped` hears of every string and comment, for what lies in them may be read as something else by others.
 */
export class PdfLexer {
  at: number;
  readonly #bytes: Buffer;
  readonly #effort: Effort;
  readonly #onSkipped: (from: number, to: number) => void;

  constructor(bytes: Buffer, at: number, effort: Effort, onSkipped: (from: number, to: number) => void) {
    this.#bytes = bytes;
    this.at = at;
    this.#effort = effort;
    this.#onSkipped = onSkipped;
  }

  next(): PdfToken | undefined {
    const bytes = this.#bytes;
    const start = this.at;
    for (;;) {
      const byte = bytes[this.at];
      if (byte === undefined) return undefined;
      if (classes[byte] === space) this.at++;
      else if (byte === percent) this.#skipComment();
      else break;
    }
    const token = this.#read(bytes[this.at] ?? 0);
    this.#effort.spend(this.at - start);
    return token;
  }

  #read(byte: number): PdfToken {
    switch (byte) {
      case slash:
        return this.#readName();
      case openParenthesis:
        return this.#readString();
      case less:
        if (this.#bytes[this.at + 1] !== less) return this.#readHex();
        this.at += 2;
        return { kind: '<<' };
      case greater:
        // A single one belongs to nothing.
        if (this.#bytes[this.at + 1] !== greater) throw broken('PDF');
        this.at += 2;
        return { kind: '>>' };
      case openBracket:
      case closeBracket:
        this.at++;
        return { kind: byte === openBracket ? '[' : ']' };
      default:
        return this.#readWord();
    }
  }

  #readWord(): PdfToken {
    const start = this.at++;
    // Braces are words of their own; parentheses that close nothing, too.
    if (classes[this.#bytes[start] ?? 0] !== delimiter) this.#skipRegular();
    return {
      kind: 'word',
      text: this.#bytes.toString('latin1', start, Math.min(this.at, start + nameLimit)),
    };
  }

  #readName(): PdfToken {
    const start = ++this.at;
    this.#skipRegular();
    const raw = this.#bytes.toString('latin1', start, Math.min(this.at, start + 3 * nameLimit));
    const text = raw.replace(/#([0-9a-f]{2})/gi, (_, code: string) =>
      String.fromCharCode(parseInt(code, 16)),
    );
    return { kind: 'name', text };
  }

  #readString(): PdfToken {
    const bytes = this.#bytes;
    const start = this.at++;
    let text = '';
    for (let depth = 1; depth > 0; this.at++) {
      const byte = bytes[this.at];
      if (byte === undefined) throw broken('PDF');
      if (byte === openParenthesis) depth++;
      else if (byte === closeParenthesis) depth--;
      if (byte === backslash) {
        const { length, meant } = escapeAt(bytes, this.at);
        if (text.length < stringLimit) text += meant;
        this.at += length - 1;
      } else if (depth > 0 && text.length < stringLimit) text += String.fromCharCode(byte);
    }
    this.#onSkipped(start, this.at);
    return { kind: 'string', text };
  }

  #readHex(): PdfToken {
    const start = this.at;
    const end = this.#bytes.indexOf(greater, start);
    if (end < 0) throw broken('PDF');
    for (let at = start + 1; at < end; at++) {
      const byte = this.#bytes[at] ?? 0;
      if (classes[byte] !== space && !isHex(byte)) throw broken('PDF');
    }
    this.at = end + 1;
    const digits = this.#bytes
      .toString('latin1', start + 1, Math.min(end, start + 1 + 2 * stringLimit))
      .replace(/\s|\0/g, '');
    return { kind: 'string', text: Buffer.from(digits, 'hex').toString('latin1') };
  }

  #skipComment(): void {
    const start = this.at;
    while (this.at < this.#bytes.length && this.#bytes[this.at] !== 10 && this.#bytes[this.at] !== 13)
      this.at++;
    this.#onSkipped(start, this.at);
  }

  #skipRegular(): void {
    while (this.at < this.#bytes.length && classes[this.#bytes[this.at] ?? 0] === 0) this.at++;
  }
}

export const isPdfSpace = (byte: number | undefined): boolean =>
  byte !== undefined && classes[byte] === space;

/** A backslash and what it stands for: a letter, up to three digits of eight, or a line end that is not meant. */
function escapeAt(bytes: Buffer, at: number): { readonly length: number; readonly meant: string } {
  const digits = /^[0-7]{1,3}/.exec(bytes.toString('latin1', at + 1, at + 4))?.[0];
  if (digits !== undefined)
    return { length: 1 + digits.length, meant: String.fromCharCode(parseInt(digits, 8) & 255) };
  const next = bytes[at + 1] ?? 0;
  if (next === 13) return { length: bytes[at + 2] === 10 ? 3 : 2, meant: '' };
  if (next === 10) return { length: 2, meant: '' };
  const letter = String.fromCharCode(next);
  return { length: 2, meant: letters[letter] ?? letter };
}

const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

const isHex = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102);

const [slash, percent, backslash, less, greater] = [0x2f, 0x25, 0x5c, 0x3c, 0x3e];
const [openParenthesis, closeParenthesis, openBracket, closeBracket] = [0x28, 0x29, 0x5b, 0x5d];
