import { SaxesParser } from 'saxes';
import type { Effort } from './effort.ts';
import { broken, excessive, type Unfit, unsafe } from './verdict.ts';

const maxDepth = 256;
const limit = 24 * 1024 * 1024;

/** One element, by its name without the prefix, with its attributes likewise. */
export type XmlElement = { readonly name: string; readonly attributes: readonly XmlAttribute[] };
export type XmlAttribute = { readonly name: string; readonly value: string };

export type XmlListener = {
  readonly onOpen?: (element: XmlElement) => void;
  readonly onClose?: (name: string) => void;
  readonly onText?: (text: string) => void;
};

/** Reads XML that keeps all of its rules, in UTF-8 or UTF-16, without a DOCTYPE: nothing in it can grow or be fetched. */
export function readXml(bytes: Buffer, noun: string, effort: Effort, listener: XmlListener): void {
  if (bytes.length > limit)
    throw excessive(`There is too much text in this ${noun}. Save it as PDF, then send that.`);
  effort.spend(4 * bytes.length);
  const text = decode(bytes, noun);
  // Found before it is read, for a reader that meets it has to remember it.
  if (text.includes('<!DOCTYPE') || text.includes('<!ENTITY')) throw grows(noun);
  const parser = new SaxesParser({ xmlns: true, position: false });
  let depth = 0;
  parser.on('error', () => {
    throw broken(noun);
  });
  parser.on('doctype', () => {
    throw grows(noun);
  });
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^utf-?(?:8|16(?:[lb]e)?)$/i.test(encoding)) throw grows(noun);
  });
  parser.on('opentag', ({ local, attributes }) => {
    if (++depth > maxDepth)
      throw excessive(`This ${noun} is nested too deeply. Save it as PDF, then send that.`);
    listener.onOpen?.({
      name: local,
      attributes: Object.values(attributes).map((attribute) => ({
        name: attribute.local,
        value: attribute.value,
      })),
    });
  });
  parser.on('closetag', ({ local }) => {
    depth--;
    listener.onClose?.(local);
  });
  if (listener.onText) {
    parser.on('text', listener.onText);
    parser.on('cdata', listener.onText);
  }
  parser.write(text).close();
}

const grows = (noun: string): Unfit =>
  unsafe(`This ${noun} is written in a way that can load or grow by itself. Save it anew, then send that.`);

function decode(bytes: Buffer, noun: string): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw broken(noun);
  }
}
