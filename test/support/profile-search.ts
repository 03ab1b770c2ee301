import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';

/** Where a word was found: in which file of a profile, and how it stood there. */
export type Find = { readonly file: string; readonly word: string; readonly how: string };

/**
 * Looks through every file below a folder, byte by byte, for words: as UTF-8, as UTF-16 in either order (IndexedDB
 * has its keys the other way round), in base64, and in what is compressed or cut to pieces: the tables and logs of
 * LevelDB, the values that Chromium packs before it hands them over, and whatever begins as gzip, zlib, zip or zstd do.
 */
export async function search(folder: string, words: readonly string[]): Promise<readonly Find[]> {
  const needles = words.flatMap((word) => ways(word).map(([how, bytes]) => ({ word, how, bytes })));
  const finds: Find[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    for (const word of words) if (name.includes(word)) finds.push({ file: name, word, how: 'name' });
    const bytes = await bytesIn(join(folder, name));
    for (const { layer, content } of layersOf(bytes)) {
      for (const { word, how, bytes: needle } of needles) {
        if (content.includes(needle)) finds.push({ file: name, word, how: `${how}, ${layer}` });
      }
    }
  }
  return finds;
}

/** How a word may be written down. */
function ways(word: string): readonly (readonly [string, Buffer])[] {
  const little = Buffer.from(word, 'utf16le');
  const inBase64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(word)]).toString('base64');
    // What stands at either end depends on its neighbours.
    return ['base64', Buffer.from(text.slice(shift === 0 ? 0 : 4, -4))] as const;
  });
  return [
    ['UTF-8', Buffer.from(word)],
    ['UTF-16LE', little],
    ['UTF-16BE', Buffer.from(little).swap16()],
    ...inBase64,
  ];
}

/** Nothing where there is no file: a browser that runs takes some away while we look. */
async function bytesIn(path: string): Promise<Buffer> {
  return readFile(path).catch(() => Buffer.alloc(0));
}

type Layer = { readonly layer: string; readonly content: Buffer };

/** The bytes as they lie there, and what is packed in them. */
function layersOf(bytes: Buffer): readonly Layer[] {
  const pieces: readonly Layer[] = [
    { layer: 'as it is', content: bytes },
    ...blocksOfTable(bytes).map((content) => ({ layer: 'table of LevelDB', content })),
    { layer: 'log of LevelDB', content: joinLog(bytes) },
  ];
  // A cached answer lies there as it came, and brotli begins like anything.
  const whole = attempt(() => brotliDecompressSync(bytes, limit));
  return [
    ...pieces,
    ...pieces.flatMap(({ layer, content }) =>
      unpacked(content).map((found) => ({ ...found, layer: `${found.layer} in ${layer}` })),
    ),
    ...(whole ? [{ layer: 'brotli', content: whole }] : []),
  ];
}

function unpacked(bytes: Buffer): readonly Layer[] {
  const found: Layer[] = [];
  for (const [layer, magic, unpack] of packers) {
    for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1)) {
      const content = attempt(() => unpack(bytes.subarray(at)));
      if (content) found.push({ layer, content });
    }
  }
  return found;
}

const limit = { maxOutputLength: 64 * 2 ** 20 };

const packers: readonly (readonly [string, Buffer, (bytes: Buffer) => Buffer])[] = [
  ['gzip', Buffer.from([0x1f, 0x8b, 0x08]), (bytes) => gunzipSync(bytes, limit)],
  ['zlib', Buffer.from([0x78, 0x9c]), (bytes) => inflateSync(bytes, limit)],
  ['zip', Buffer.from([0x50, 0x4b, 0x03, 0x04]), unzip],
  // What Chromium puts before a value that it has packed for IndexedDB.
  ['snappy', Buffer.from([0xff, 0x11, 0x02]), (bytes) => unsnap(bytes.subarray(3))],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), (bytes) => zstdDecompressSync(bytes, limit)],
];

function unzip(bytes: Buffer): Buffer {
  return inflateRawSync(bytes.subarray(30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28)), limit);
}

function attempt<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

/** The end of every LevelDB table. */
const tableMagic = Buffer.from('57fb808b247547db', 'hex');

/** The blocks of a LevelDB table, each as it was before it was compressed; none where the bytes are none. */
export function blocksOfTable(bytes: Buffer): readonly Buffer[] {
  if (bytes.length < 48 || !bytes.subarray(-8).equals(tableMagic)) return [];
  const footer = new Reader(bytes.subarray(-48));
  const handles = [footer.handle(), footer.handle()];
  const index = blockAt(bytes, handles[1]!);
  const blocks = handles.map((handle) => blockAt(bytes, handle));
  const entries = new Reader(index);
  const end = index.length - 4 - 4 * index.readUInt32LE(index.length - 4);
  while (entries.at < end) {
    entries.varint();
    const [keyLength, valueLength] = [entries.varint(), entries.varint()];
    entries.at += keyLength;
    const value = new Reader(index.subarray(entries.at, entries.at + valueLength));
    blocks.push(blockAt(bytes, value.handle()));
    entries.at += valueLength;
  }
  return blocks;
}

/** A log of LevelDB without the heads that stand between its pieces, every 32 kB at least; empty where it is none. */
function joinLog(bytes: Buffer): Buffer {
  const [blockSize, headSize] = [32_768, 7];
  const pieces: Buffer[] = [];
  for (let at = 0; at + headSize <= bytes.length;) {
    const room = blockSize - (at % blockSize);
    const size = room < headSize ? -1 : bytes.readUInt16LE(at + 4);
    // At the end of a block there may be no room for a head.
    if (size < 0) at += room;
    else if (size + headSize > room) return Buffer.alloc(0);
    else {
      pieces.push(bytes.subarray(at + headSize, at + headSize + size));
      at += headSize + size;
    }
  }
  return Buffer.concat(pieces);
}

type Handle = { readonly offset: number; readonly size: number };

/** A byte after the block says how it is compressed: 0 for not at all, 1 for Snappy. */
function blockAt(bytes: Buffer, { offset, size }: Handle): Buffer {
  const block = bytes.subarray(offset, offset + size);
  const kind = bytes[offset + size];
  if (kind === 0) return block;
  if (kind === 1) return unsnap(block);
  throw new Error(`A block of LevelDB is compressed in a way that this search does not know: ${kind}.`);
}

/** Snappy, as its format description has it; whatever comes after it is left alone. */
export function unsnap(bytes: Buffer): Buffer {
  const reader = new Reader(bytes);
  const out = Buffer.alloc(reader.varint());
  let length = 0;
  while (length < out.length) {
    const tag = reader.byte();
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const size = 1 + (short < 60 ? short : reader.number(short - 59));
      bytes.copy(out, length, reader.at, reader.at + size);
      reader.at += size;
      length += size;
      continue;
    }
    const size = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const back = kind === 1 ? ((tag >> 5) << 8) | reader.byte() : reader.number(kind === 2 ? 2 : 4);
    // Byte by byte: what is copied may overlap what it is copied to.
    for (const end = length + size; length < end; length++) out[length] = out[length - back]!;
  }
  return out;
}

class Reader {
  at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    return this.#bytes.readUInt8(this.at++);
  }

  number(size: number): number {
    const value = this.#bytes.readUIntLE(this.at, size);
    this.at += size;
    return value;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  handle(): Handle {
    return { offset: this.varint(), size: this.varint() };
  }
}
