import { type CompoundEntry, CompoundFile } from './compound-file.ts';
import type { Effort } from './effort.ts';
import { FieldWatch } from './field.ts';
import { broken, unsafe, unsupported } from './verdict.ts';

const noun = 'Word document';
const savedAnew = 'Save it as PDF, then send that.';

/** Reads a Word document of the years 1997 to 2003: what lies in it, what it is tied to, and its text with all fields. */
export function inspectDoc(bytes: Buffer, effort: Effort): Buffer {
  const file = new CompoundFile(bytes, noun, effort);
  for (const entry of file.entries) checkEntry(entry, file);
  const main = file.top.get('WordDocument');
  if (main?.kind !== 'stream') {
    throw unsupported('This file says it is a Word document (DOC), but it is another kind of Office file.');
  }
  const words = file.read(main);
  const header = readHeader(words);
  const table = file.top.get(header.table);
  if (table?.kind !== 'stream') throw broken(noun);
  const tables = file.read(table);
  if (bringsCommands(tables, header)) throw macros();
  if (readTemplate(tables, header.assocAt, header.assocSize)) throw loads();
  checkFields(readText(words, tables, header, effort), effort);
  return bytes;
}

const macros = unsafe.bind(undefined, `This Word document has macros inside it. ${savedAnew}`);
const embedded = unsafe.bind(
  undefined,
  `This Word document has other files or programs inside it. ${savedAnew}`,
);
const loads = unsafe.bind(
  undefined,
  `This Word document loads something from elsewhere when it is opened. ${savedAnew}`,
);
const locked = unsupported.bind(
  undefined,
  'This Word document is locked, so it can’t be looked into. Save it without a password, then send that.',
);

/** Names under which Office keeps macros, objects, other files, and other applications' documents. */
const macroNames = /^(?:macros|vba|_vba_project(?:_cur)?|project(?:wm|lk)?|srp_\w+)$/i;
const objectNames =
  /^(?:\x01ole10native|\x01ole10itemname|\x03objinfo|\x03linkinfo|\x03ocxname|\x03ocxdata|\x03eprint|package|contents|embedded ?\w*|workbook|book|powerpoint document|visiodocument|equation native|__\w+_version1\.0.*|acrobat document)$/i;
const lockNames = /^(?:encryptedpackage|encryptioninfo|\x06dataspaces|\x09drmcontent)$/i;

function checkEntry(entry: CompoundEntry, file: CompoundFile): void {
  if (lockNames.test(entry.name)) throw locked();
  if (macroNames.test(entry.name)) throw macros();
  if (objectNames.test(entry.name)) throw embedded();
  // Word leaves an empty one behind in many documents.
  if (entry.name.toLowerCase() === 'objectpool' && file.holdsAnything(entry)) throw embedded();
}

type Header = {
  readonly table: '0Table' | '1Table';
  readonly commandsAt: number;
  readonly commandsSize: number;
  readonly clxAt: number;
  readonly clxSize: number;
  readonly assocAt: number;
  readonly assocSize: number;
};

/** The first page of the main stream says what kind of document it is and where its parts lie in the table stream. */
function readHeader(words: Buffer): Header {
  if (words.length < 0x382 || words.readUInt16LE(0) !== 0xa5ec) throw broken(noun);
  if (words.readUInt16LE(2) < 0xc0) {
    throw unsupported('This Word document is of a very old kind. Save it as DOCX or PDF, then send that.');
  }
  const flags = words.readUInt16LE(0x0a);
  if ((flags & 0x0100) !== 0) throw locked();
  // Templates bring their macros and menus along.
  if ((flags & 0x0001) !== 0) throw unsafe(`This file is a template, not a Word document. ${savedAnew}`);
  return {
    table: (flags & 0x0200) === 0 ? '0Table' : '1Table',
    commandsAt: words.readUInt32LE(0x15a),
    commandsSize: words.readUInt32LE(0x15e),
    clxAt: words.readUInt32LE(0x1a2),
    clxSize: words.readUInt32LE(0x1a6),
    assocAt: words.readUInt32LE(0x19a),
    assocSize: words.readUInt32LE(0x19e),
  };
}

/** Whether it has commands of its own, tied to macros or naming some: the first kind of record tells. */
function bringsCommands(tables: Buffer, { commandsAt, commandsSize }: Header): boolean {
  if (commandsSize < 2) return false;
  if (commandsAt + commandsSize > tables.length) throw broken(noun);
  return [0x01, 0x10, 0x11].includes(tables[commandsAt + 1] ?? 0);
}

/** Whether the template it is tied to lies on another machine. That it has one by its plain name is usual. */
function readTemplate(tables: Buffer, at: number, size: number): boolean {
  if (size === 0) return false;
  if (at + size > tables.length || size < 6) throw broken(noun);
  const strings = tables.subarray(at, at + size);
  if (strings.readUInt16LE(0) !== 0xffff) return false;
  const extra = strings.readUInt16LE(4);
  let place = 6;
  for (let index = 0; index < 2; index++) {
    if (place + 2 > strings.length) return false;
    const length = strings.readUInt16LE(place) * 2;
    const text = strings.toString('utf16le', place + 2, place + 2 + length);
    if (index === 1) return /^\s*(?:[a-z][a-z0-9+.-]+:|\\\\|\/\/)/i.test(text);
    place += 2 + length + extra;
  }
  return false;
}

/** The text, put together from its pieces, which may lie in any order. */
function readText(words: Buffer, tables: Buffer, { clxAt, clxSize }: Header, effort: Effort): string {
  if (clxSize < 5 || clxAt + clxSize > tables.length) throw broken(noun);
  const clx = tables.subarray(clxAt, clxAt + clxSize);
  let at = 0;
  while (clx[at] === 1) {
    if (at + 3 > clx.length) throw broken(noun);
    at += 3 + clx.readUInt16LE(at + 1);
    effort.spend(3);
  }
  if (clx[at] !== 2 || at + 5 > clx.length) throw broken(noun);
  const size = clx.readUInt32LE(at + 1);
  const pieces = (size - 4) / 12;
  at += 5;
  if (!Number.isInteger(pieces) || pieces < 1 || at + size > clx.length) throw broken(noun);
  const parts: string[] = [];
  for (let piece = 0; piece < pieces; piece++) {
    const from = clx.readUInt32LE(at + piece * 4);
    const to = clx.readUInt32LE(at + piece * 4 + 4);
    const place = clx.readUInt32LE(at + (pieces + 1) * 4 + piece * 8 + 2);
    const isNarrow = (place & 0x40000000) !== 0;
    const start = isNarrow ? (place & 0x3fffffff) >>> 1 : place & 0x3fffffff;
    const length = (to - from) * (isNarrow ? 1 : 2);
    if (to < from || start + length > words.length) throw broken(noun);
    // Pieces may lie over each other, as often as this allows.
    effort.spend(length + 16);
    parts.push(words.toString(isNarrow ? 'latin1' : 'utf16le', start, start + length));
  }
  return parts.join('');
}

const [fieldBegin, fieldSeparator, fieldEnd] = ['\x13', '\x14', '\x15'];

function checkFields(text: string, effort: Effort): void {
  const fields = new FieldWatch();
  effort.spend(text.length);

  for (const [part] of text.matchAll(/[\x13-\x15]|[^\x13-\x15]+/g)) {
    if (part === fieldBegin) fields.begin();
    else if (part === fieldSeparator) fields.separate();
    else if (part === fieldEnd) fields.end();
    else fields.say(part);
  }
  fields.finish();
  if (fields.loads) throw loads();
}
