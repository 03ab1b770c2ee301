import { crc32, inflateRawSync } from 'node:zlib';
import type { Effort } from './effort.ts';
import { broken, excessive, type Unfit, unsafe, unsupported } from './verdict.ts';

/** Documents with hundreds of pictures stay below. */
const maxEntries = 4_000;
const endSize = 22;
const entrySize = 46;
const localSize = 30;

/** One file in an archive. */
export type ZipEntry = {
  readonly name: string;
  /** How many bytes it says it has, unpacked. */
  readonly size: number;
  /** Unpacks it: exactly so many bytes, with the right checksum. */
  unpack(): Buffer;
};

/**
 * Reads a zip archive in the one way in which nothing of it can be read differently: entries one behind the other from the
 * first byte to the directory, each only once, both of its headers saying the same, the directory up to the end.
 */
export function readZip(bytes: Buffer, noun: string, effort: Effort): ReadonlyMap<string, ZipEntry> {
  const { count, directory, end } = readEnd(bytes, noun);
  const entries = new Map<string, ZipEntry>();
  const names = new Set<string>();
  const places: Place[] = [];
  let at = directory;
  for (let index = 0; index < count; index++) {
    if (at + entrySize > end || bytes.readUInt32LE(at) !== 0x02014b50) throw broken(noun);
    const nameLength = bytes.readUInt16LE(at + 28);
    const next = at + entrySize + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (next > end) throw broken(noun);
    effort.spend(next - at + 200);
    const place = readEntry(bytes, at, nameLength, directory, noun);
    const { name } = place;
    if (names.has(name.toLowerCase())) throw hidden(noun);
    names.add(name.toLowerCase());
    places.push(place);
    if (!name.endsWith('/')) entries.set(name, entryAt(bytes, place, noun, effort));
    else if (place.packedSize > 2 || place.size > 0) throw hidden(noun);
    at = next;
  }
  if (at !== end) throw hidden(noun);
  checkPlaces(bytes, places, directory, noun);
  return entries;
}

type Place = {
  readonly name: string;
  readonly start: number;
  readonly data: number;
  readonly packedSize: number;
  readonly size: number;
  readonly method: number;
  readonly checksum: number;
  readonly hasDescriptor: boolean;
};

const hidden = (noun: string): Unfit =>
  unsafe(`This ${noun} is packed in a way that hides parts of it. Save it anew, then send that.`);

function readEnd(bytes: Buffer, noun: string) {
  const end = bytes.length - endSize;
  if (end < 0) throw broken(noun);
  if (bytes.readUInt32LE(end) !== 0x06054b50 || bytes.readUInt16LE(end + 20) !== 0) {
    // An end further up means that something was put behind it.
    const earlier = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
    throw earlier >= 0 && earlier !== end ? hidden(noun) : broken(noun);
  }
  const count = bytes.readUInt16LE(end + 10);
  const [size, directory] = [bytes.readUInt32LE(end + 12), bytes.readUInt32LE(end + 16)];
  if (
    bytes.readUInt16LE(end + 4) !== 0 ||
    bytes.readUInt16LE(end + 6) !== 0 ||
    bytes.readUInt16LE(end + 8) !== count
  ) {
    throw broken(noun);
  }
  if (directory + size !== end) throw hidden(noun);
  if (count > maxEntries || count === 0xffff) {
    throw excessive(`There are too many parts in this ${noun}. Save it as PDF, then send that.`);
  }
  return { count, directory, end };
}

function readEntry(bytes: Buffer, at: number, nameLength: number, directory: number, noun: string): Place {
  const flags = bytes.readUInt16LE(at + 8);
  const method = bytes.readUInt16LE(at + 10);
  // Encrypted, strongly encrypted, patched, or with its headers masked.
  if ((flags & 0x2061) !== 0) {
    throw unsupported(
      `This ${noun} is locked, so it can’t be looked into. Save it without a password, then send that.`,
    );
  }
  if (method !== 0 && method !== 8) throw hidden(noun);
  const start = bytes.readUInt32LE(at + 42);
  if (start + localSize > directory || bytes.readUInt32LE(start) !== 0x04034b50) throw hidden(noun);
  const rawName = bytes.subarray(at + entrySize, at + entrySize + nameLength);
  const localNameLength = bytes.readUInt16LE(start + 26);
  const data = start + localSize + localNameLength + bytes.readUInt16LE(start + 28);
  const packedSize = bytes.readUInt32LE(at + 20);
  const size = bytes.readUInt32LE(at + 24);
  const checksum = bytes.readUInt32LE(at + 16);
  const hasDescriptor = (flags & 8) !== 0;
  if (data + packedSize > directory || (method === 0 && size !== packedSize)) throw hidden(noun);
  const localName = bytes.subarray(start + localSize, start + localSize + localNameLength);
  if (!localName.equals(rawName) || bytes.readUInt16LE(start + 8) !== method) throw hidden(noun);
  if ((bytes.readUInt16LE(start + 6) & 0x2069) !== (flags & 0x2069)) throw hidden(noun);
  // With a descriptor behind the data, the header in front of it may leave these open.
  const local = [
    bytes.readUInt32LE(start + 14),
    bytes.readUInt32LE(start + 18),
    bytes.readUInt32LE(start + 22),
  ];
  const isSame = local[0] === checksum && local[1] === packedSize && local[2] === size;
  const isOpen = local.every((value) => value === 0 || value === 0xffffffff);
  if (!isSame && !(hasDescriptor && isOpen)) throw hidden(noun);
  return { name: readName(rawName, noun), start, data, packedSize, size, method, checksum, hasDescriptor };
}

/** A path of plain words, going down. */
function readName(raw: Buffer, noun: string): string {
  const name = raw.toString('utf8');
  const parts = name.replace(/\/$/, '').split('/');

  const isPlain =
    !/[\\:\0-\x1F\uFFFD]/.test(name) && parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isPlain || name.length > 255) throw hidden(noun);
  return name;
}

function entryAt(bytes: Buffer, place: Place, noun: string, effort: Effort): ZipEntry {
  const { name, data, packedSize, size, method, checksum } = place;
  return {
    name,
    size,
    unpack() {
      const packed = bytes.subarray(data, data + packedSize);
      effort.spend(packedSize);
      if (method === 8) effort.unpacked(size);
      const unpacked = method === 0 ? packed : inflate(packed, size, noun);
      if (unpacked.length !== size || crc32(unpacked) !== checksum) throw hidden(noun);
      return unpacked;
    },
  };
}

/** No more bytes than the entry says it has, and all of what is packed. */
function inflate(packed: Buffer, size: number, noun: string): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? hidden(noun) : broken(noun);
  }
}

/** Nothing before, between or over each other. */
function checkPlaces(bytes: Buffer, places: readonly Place[], directory: number, noun: string): void {
  let at = 0;
  for (const place of [...places].sort((one, other) => one.start - other.start)) {
    if (place.start !== at) throw hidden(noun);
    at = place.data + place.packedSize;
    if (place.hasDescriptor) at += descriptorSize(bytes, at, place, noun);
  }
  if (at !== directory) throw hidden(noun);
}

/** Three numbers, with a signature or without, sizes in four bytes or eight. */
function descriptorSize(bytes: Buffer, at: number, { checksum }: Place, noun: string): number {
  if (at + 24 > bytes.length) throw broken(noun);
  const isSigned = bytes.readUInt32LE(at) === 0x08074b50;
  const start = isSigned ? at + 4 : at;
  if (bytes.readUInt32LE(start) !== checksum) throw hidden(noun);
  for (const size of [12, 20]) {
    const next = start + size;
    const signature = next + 4 <= bytes.length ? bytes.readUInt32LE(next) : 0;
    // The next entry, or the directory.
    if (signature === 0x04034b50 || signature === 0x02014b50) return next - at;
  }
  throw hidden(noun);
}
