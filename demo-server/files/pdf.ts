import { inflateSync } from 'node:zlib';
import { isHarmlessAddress } from './address.ts';
import type { Effort } from './effort.ts';
import { isPdfSpace, PdfLexer, type PdfToken } from './pdf-lexer.ts';
import { broken, excessive, type Unfit, unsafe, unsupported } from './verdict.ts';

/**
 * Reads every object of a PDF, wherever it lies: one after the other and inside of object streams, and whether or not anything
 * points to it. Readers find objects by tables that a file can get wrong on purpose, or by looking for them; what none of
 * them could find is looked at as well.
 */
export function inspectPdf(bytes: Buffer, effort: Effort): Buffer {
  checkFrame(bytes);
  const objects = new PdfObjects(effort);
  objects.read(bytes, 'file');
  if (!objects.hasPages || !objects.hasTable) throw broken('PDF');
  return bytes;
}

/** First line, last line, and a table of objects where the last lines say it is. */
function checkFrame(bytes: Buffer): void {
  if (!/^%PDF-(?:1\.[0-7]|2\.0)[\s%]/.test(bytes.toString('latin1', 0, 16))) throw broken('PDF');
  if (/<(?:script|html|!doctype|\?php|svg|body|hta:)/i.test(bytes.toString('latin1', 0, 1_024))) {
    throw unsafe(
      'This PDF is a web page or a script at the same time. Print it to a new PDF, then send that.',
    );
  }
  const end = bytes.lastIndexOf('%%EOF', undefined, 'latin1');
  const table = bytes.lastIndexOf('startxref', end < 0 ? 0 : end, 'latin1');
  if (end < 0 || table < 0) throw broken('PDF');
  for (let at = end + 5; at < bytes.length; at++) {
    if (!isPdfSpace(bytes[at])) {
      throw unsafe('Something is hidden behind the end of this PDF. Print it to a new PDF, then send that.');
    }
  }
  const place = /^startxref\s{1,16}(\d{1,10})\s{1,16}%%EOF/.exec(
    bytes.toString('latin1', table, table + 64),
  )?.[1];
  if (place === undefined || Number(place) >= table) throw broken('PDF');
  if (
    !/^\s*(?:xref\b|\d{1,10}\s{1,16}\d{1,5}\s{1,16}obj\b)/.test(
      bytes.toString('latin1', Number(place), Number(place) + 64),
    )
  ) {
    throw broken('PDF');
  }
}

const printed = 'Print it to a new PDF, then send that.';
const script = unsafe.bind(undefined, `This PDF has a program inside it. ${printed}`);
const launch = unsafe.bind(undefined, `This PDF can start other programs or open other files. ${printed}`);
const embedded = unsafe.bind(
  undefined,
  `This PDF has other files inside it. Send them one by one. ${printed}`,
);
const media = unsafe.bind(undefined, `This PDF has film, sound or Flash inside it. ${printed}`);
const form = unsafe.bind(undefined, `This PDF is a form that runs as a program (XFA). ${printed}`);
const submits = unsafe.bind(
  undefined,
  `This PDF can send what is written into it somewhere else. ${printed}`,
);
const hidden = unsafe.bind(undefined, `This PDF hides parts of itself from being looked at. ${printed}`);
const locked = unsupported.bind(
  undefined,
  'This PDF is locked, so it can’t be looked into. Save it without a password, then send that.',
);

/**
 * Names that have no place in a PDF we take, wherever they stand: as a key, as a value, or alone, for any value may lie in an
 * object of its own. None of them is a word that fonts, colours or pages are called by.
 */
const forbidden: ReadonlyMap<string, () => Unfit> = new Map([
  ['JavaScript', script],
  ['JS', script],
  ['Launch', launch],
  ['GoToR', launch],
  ['GoToE', launch],
  ['ImportData', launch],
  ['EmbeddedFile', embedded],
  ['EmbeddedFiles', embedded],
  ['FileAttachment', embedded],
  ['EF', embedded],
  ['RichMedia', media],
  ['RichMediaContent', media],
  ['RichMediaSettings', media],
  ['Rendition', media],
  ['XFA', form],
  ['SubmitForm', submits],
  ['Encrypt', locked],
]);
/** Words that are dangerous only as what a thing is. */
const forbiddenSubtypes: ReadonlySet<string> = new Set(['Movie', 'Sound', '3D', 'Screen', 'U3D', 'PRC']);

const maxDepth = 256;
/** Object streams hold text; one that unpacks to more than this holds something else. */
const packedLimit = 32 * 1024 * 1024;

type Dictionary = {
  readonly kind: 'dictionary' | 'array';
  /** The key that waits for its value, in a dictionary. */
  key: string | undefined;
  /** What stands behind each key: a name, a number, the start of a string, or the sign of something longer. */
  readonly values: Map<string, string>;
  /** The key that had its value last. */
  lastKey: string | undefined;
  /** Names in it, when it is an array. */
  readonly names: string[];
};

class PdfObjects {
  hasPages = false;
  hasTable = false;
  readonly #effort: Effort;

  constructor(effort: Effort) {
    this.#effort = effort;
  }

  /** `where` says whether streams can follow: there are none inside of object streams. */
  read(bytes: Buffer, where: 'file' | 'object stream'): void {
    const refuseHidden = (from: number, to: number) => this.#refuseHidden(bytes, from, to);
    const lexer = new PdfLexer(bytes, 0, this.#effort, refuseHidden);
    const streams = new StreamEnds(bytes);
    let stack: Dictionary[] = [];
    let last: Dictionary | undefined;
    for (let token = lexer.next(); token; token = lexer.next()) {
      const top = stack.at(-1);
      switch (token.kind) {
        case '<<':
        case '[':
          if (stack.length >= maxDepth)
            throw excessive('This PDF is nested too deeply to be shown. Print it to a new PDF.');
          stack.push({
            kind: token.kind === '[' ? 'array' : 'dictionary',
            key: undefined,
            lastKey: undefined,
            values: new Map(),
            names: [],
          });
          break;
        case '>>':
        case ']':
          last = stack.pop();
          if (last === undefined || (last.kind === 'array') !== (token.kind === ']')) throw broken('PDF');
          if (last.kind === 'dictionary') this.#look(last);
          put(stack.at(-1), token.kind, last.kind === 'array' ? last.names.join(' ') : '<<');
          break;
        case 'word':
          if (token.text === 'obj') {
            // What was left open before belongs to nothing.
            if (stack.length > 0) throw broken('PDF');
            stack = [];
            last = undefined;
          } else if (token.text === 'stream' && top === undefined && where === 'file') {
            lexer.at = this.#readStream(bytes, lexer.at, last, streams);
            last = undefined;
          } else if (token.text === 'xref' && where === 'file') this.hasTable = true;
          else if (token.text === 'R') markReference(top);
          else put(top, 'word', token.text);
          break;
        case 'name':
        case 'string':
          this.#take(token, top);
          break;
      }
    }
    if (stack.length > 0) throw broken('PDF');
  }

  #take(token: PdfToken & { text: string }, top: Dictionary | undefined): void {
    if (token.kind === 'name') {
      const refusal = forbidden.get(token.text);
      if (refusal) throw refusal();
      if (token.text === 'Pages') this.hasPages = true;
      if (top?.kind === 'dictionary' && top.key === undefined) {
        top.key = token.text;
        return;
      }
    } else if (top?.key === 'URI' && !isHarmlessAddress(plain(token.text))) throw launch();
    put(top, token.kind, token.text);
  }

  /** A dictionary is whole: what it says it is. */
  #look({ values }: Dictionary): void {
    for (const key of ['Subtype', 'S', 'Type']) {
      if (forbiddenSubtypes.has(values.get(key) ?? '')) throw media();
    }
    if (values.get('Type') === 'XRef') this.hasTable = true;
  }

  /** Skips what a stream holds, or looks into it when it holds objects. Gives back where reading goes on. */
  #readStream(bytes: Buffer, at: number, dictionary: Dictionary | undefined, streams: StreamEnds): number {
    if (dictionary?.kind !== 'dictionary') throw broken('PDF');
    const start = lineAfter(bytes, at);
    const end = streams.after(start);
    if (end === undefined) throw broken('PDF');
    this.#effort.spend(end - at);
    const { values } = dictionary;
    // A stream that is to be read from another file, wherever that lies.
    if (values.has('F') || values.has('FFilter')) throw launch();
    const filters = (values.get('Filter') ?? '').split(' ');
    // Packed twice is what bombs are; no program that makes honest files does it.
    if (filters.filter((filter) => /^(?:FlateDecode|Fl|LZWDecode|LZW)$/.test(filter)).length > 1)
      throw hidden();
    // By what makes it one, for its type may be said elsewhere or not at all.
    if (values.get('Type') === 'ObjStm' || (values.has('First') && values.has('N'))) {
      this.#readObjectStream(bytes.subarray(start, end), values);
    } else this.#refuseHidden(bytes, start, end);
    return end + 'endstream'.length;
  }

  #readObjectStream(packed: Buffer, values: ReadonlyMap<string, string>): void {
    const filter = values.get('Filter');
    // Other filters and predictors are allowed, and used by nobody but those who hide something.
    if ((filter !== undefined && filter !== 'FlateDecode') || values.has('DecodeParms')) throw hidden();
    const unpacked = filter === undefined ? packed : this.#inflate(packed);
    this.read(unpacked, 'object stream');
  }

  #inflate(packed: Buffer): Buffer {
    try {
      const unpacked = inflateSync(packed, { maxOutputLength: packedLimit });
      this.#effort.unpacked(unpacked.length);
      return unpacked;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw broken('PDF');
      throw excessive(`There is far more packed into this PDF than its size lets on. ${printed}`);
    }
  }

  /**
   * Objects where none belong, in what we skip: a table may point there, or a reader that repairs files find them. Only their
   * beginning is looked for, `7 0 obj` and the first character of what can be a danger.
   */
  #refuseHidden(bytes: Buffer, from: number, to: number): void {
    if (to - from < 8) return;
    const region = bytes.subarray(from, to);
    for (let at = region.indexOf('obj', 0, 'latin1'); at >= 0; at = region.indexOf('obj', at + 3, 'latin1')) {
      if (isObjectStart(region, at, this.#effort)) throw hidden();
    }
  }
}

/** Where the line behind `stream` ends. Some programs put spaces there. */
function lineAfter(bytes: Buffer, at: number): number {
  let end = at;
  while (bytes[end] === 32) end++;
  if (bytes[end] === 13) end++;
  return bytes[end] === 10 ? end + 1 : end;
}

/** Whether two numbers stand before this `obj` and something that can be a danger behind it. Spaces may be any number. */
function isObjectStart(region: Buffer, obj: number, effort: Effort): boolean {
  let after = obj + 3;
  while (isPdfSpace(region[after])) after++;
  const generationEnd = skipBack(region, obj, isPdfSpace);
  const generation = skipBack(region, generationEnd, isDigit);
  const numberEnd = skipBack(region, generation, isPdfSpace);
  effort.spend(after - numberEnd);
  const isNumbered = generation < generationEnd && numberEnd < generation && isDigit(region[numberEnd - 1]);
  return isNumbered && '<[/(%'.includes(String.fromCharCode(region[after] ?? 0));
}

function skipBack(region: Buffer, from: number, isSkipped: (byte: number | undefined) => boolean): number {
  let at = from;
  while (at > 0 && isSkipped(region[at - 1])) at--;
  return at;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

/** Finds `endstream` for streams that come one after the other, looking at no byte twice. */
class StreamEnds {
  readonly #bytes: Buffer;
  #next = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  after(start: number): number | undefined {
    if (this.#next >= 0 && this.#next < start) this.#next = this.#bytes.indexOf('endstream', start, 'latin1');
    return this.#next < start ? undefined : this.#next;
  }
}

/** Something stands where a value is wanted. The first word is kept: of `5 0 R`, until the R, the 5. */
function put(container: Dictionary | undefined, kind: PdfToken['kind'], text: string): void {
  if (container === undefined) return;
  if (container.kind === 'array') {
    if (kind === 'name' && container.names.length < 32) container.names.push(text);
    return;
  }
  if (container.key === undefined) return;
  // Some readers take the first of two, some the last: nobody may tell them different things.
  if (container.values.has(container.key) && telling.has(container.key)) throw hidden();
  container.values.set(container.key, text);
  container.lastKey = container.key;
  container.key = undefined;
}

const telling: ReadonlySet<string> = new Set(['Type', 'Filter', 'DecodeParms', 'First', 'N', 'Root']);

/** What stands behind these keys must be said on the spot, for a reference could lead anywhere. */
function markReference(container: Dictionary | undefined): void {
  if (container?.kind !== 'dictionary') return;
  if (container.lastKey === 'Filter' || container.lastKey === 'Type') throw hidden();
}

/** Text in a PDF is in its own eight bits or, after a mark, in UTF-16; of addresses the letters are the same. */
const plain = (text: string): string =>
  text.startsWith('\xFE\xFF') ? text.slice(2).replaceAll('\0', '') : text;
