import type { Effort } from './effort.ts';
import { broken, type Unfit, unsafe } from './verdict.ts';

const headerSize = 512;
const endOfChain = 0xfffffffe;
const lastSector = 0xfffffffa;
const nobody = 0xffffffff;
const entrySize = 128;
const miniSize = 64;
const miniCutoff = 4_096;

/** A stream or storage of a compound file. */
export type CompoundEntry = {
  readonly name: string;
  readonly kind: 'root' | 'storage' | 'stream';
  readonly start: number;
  readonly size: number;
  readonly left: number;
  readonly right: number;
  readonly child: number;
};

/**
 * A compound file (OLE 2), the little file system old Office documents are: sectors in chains, a directory of streams and
 * storages. Each sector may belong to one chain alone, so nothing goes round in circles or is two things at once.
 */
export class CompoundFile {
  /** Everything in the directory, also what no storage leads to. */
  readonly entries: readonly CompoundEntry[];
  /** The streams and storages of the root, by their names. */
  readonly top: ReadonlyMap<string, CompoundEntry>;
  readonly #bytes: Buffer;
  readonly #noun: string;
  readonly #effort: Effort;
  readonly #sectorSize: number;
  readonly #fat: Uint32Array;
  readonly #miniFat: Uint32Array;
  readonly #mini: Buffer;
  readonly #owned: Uint8Array;

  constructor(bytes: Buffer, noun: string, effort: Effort) {
    this.#bytes = bytes;
    this.#noun = noun;
    this.#effort = effort;
    if (bytes.length < headerSize * 3) throw broken(noun);
    const [major, order, shift, miniShift] = [26, 28, 30, 32].map((at) => bytes.readUInt16LE(at));
    if (
      !((major === 3 && shift === 9) || (major === 4 && shift === 12)) ||
      order !== 0xfffe ||
      miniShift !== 6
    ) {
      throw broken(noun);
    }
    if (bytes.readUInt32LE(56) !== miniCutoff) throw broken(noun);
    this.#sectorSize = 1 << shift;
    const sectors = Math.ceil(bytes.length / this.#sectorSize) - 1;
    this.#owned = new Uint8Array(sectors);
    this.#fat = this.#readFat(sectors);
    if (sectors > this.#fat.length) {
      throw unsafe(`Something is hidden behind the end of this ${noun}. Save it anew, then send that.`);
    }
    this.entries = this.#readDirectory();
    const root = this.entries[0];
    if (root?.kind !== 'root') throw broken(noun);
    this.#miniFat = numbersIn(this.#follow(bytes.readUInt32LE(60)));
    this.#mini = root.size > 0 ? this.#follow(root.start) : Buffer.alloc(0);
    this.top = this.#childrenOf(root);
    this.#checkStreams();
  }

  /** Whether a storage holds anything. */
  holdsAnything(entry: CompoundEntry): boolean {
    return entry.child !== nobody;
  }

  read(entry: CompoundEntry): Buffer {
    return entry.size < miniCutoff
      ? this.#readMini(entry, undefined)
      : this.#chain(entry.start, undefined, entry.size);
  }

  /** Every stream is as long as it says, and shares no sector with another. */
  #checkStreams(): void {
    const ownedMini = new Uint8Array(this.#miniFat.length);
    for (const entry of this.entries) {
      if (entry.kind !== 'stream' || entry.size === 0) continue;
      if (entry.size < miniCutoff) this.#readMini(entry, ownedMini);
      else this.#chain(entry.start, this.#owned, entry.size);
    }
  }

  #readFat(sectors: number): Uint32Array {
    const bytes = this.#bytes;
    const places: number[] = [];
    for (let at = 76; at < headerSize; at += 4) places.push(bytes.readUInt32LE(at));
    const perSector = this.#sectorSize / 4 - 1;
    let next = bytes.readUInt32LE(68);
    while (next < lastSector) {
      const sector = this.#sector(next, this.#owned);
      if (sector.length < this.#sectorSize) throw broken(this.#noun);
      for (let index = 0; index < perSector; index++) places.push(sector.readUInt32LE(index * 4));
      next = sector.readUInt32LE(perSector * 4);
    }
    const used = places.filter((place) => place !== nobody);
    if (used.length !== bytes.readUInt32LE(44) || used.length > sectors) throw broken(this.#noun);
    return numbersIn(Buffer.concat(used.map((place) => this.#sector(place, this.#owned))));
  }

  #readDirectory(): CompoundEntry[] {
    const directory = this.#follow(this.#bytes.readUInt32LE(48));
    const entries: CompoundEntry[] = [];
    for (let at = 0; at + entrySize <= directory.length; at += entrySize) {
      const kind = kinds[directory[at + 66] ?? 0];
      const nameLength = directory.readUInt16LE(at + 64);
      if (kind === undefined || (kind !== 'empty' && (nameLength < 2 || nameLength > 64)))
        throw broken(this.#noun);
      const size = directory.readUInt32LE(at + 120);
      if (kind === 'stream' && size > this.#bytes.length) throw broken(this.#noun);
      entries.push({
        name: kind === 'empty' ? '' : directory.toString('utf16le', at, at + nameLength - 2),
        // What is empty is a stream of nothing, that nobody leads to.
        kind: kind === 'empty' ? 'stream' : kind,
        start: directory.readUInt32LE(at + 116),
        size: kind === 'empty' ? 0 : size,
        left: directory.readUInt32LE(at + 68),
        right: directory.readUInt32LE(at + 72),
        child: directory.readUInt32LE(at + 76),
      });
    }
    return entries;
  }

  #childrenOf(storage: CompoundEntry): Map<string, CompoundEntry> {
    const children = new Map<string, CompoundEntry>();
    const waiting = [storage.child];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (index === nobody) continue;
      const entry = this.entries[index];
      // Found twice: a circle, or two of one name.
      if (entry === undefined || entry.kind === 'root' || children.has(entry.name)) throw broken(this.#noun);
      children.set(entry.name, entry);
      waiting.push(entry.left, entry.right);
    }
    return children;
  }

  #readMini(entry: CompoundEntry, owned: Uint8Array | undefined): Buffer {
    const parts: Buffer[] = [];
    let left = entry.size;
    for (let next = entry.start; left > 0; left -= miniSize) {
      const part = this.#mini.subarray(next * miniSize, (next + 1) * miniSize);
      if (next >= this.#miniFat.length || part.length < Math.min(left, miniSize)) throw broken(this.#noun);
      if (owned) claim(owned, next, this.#noun);
      this.#effort.spend(miniSize);
      parts.push(part);
      next = this.#miniFat[next] ?? nobody;
    }
    return Buffer.concat(parts).subarray(0, entry.size);
  }

  /** A chain to its end. */
  #follow(start: number): Buffer {
    return start === endOfChain || start === nobody
      ? Buffer.alloc(0)
      : this.#chain(start, this.#owned, undefined);
  }

  #chain(start: number, owned: Uint8Array | undefined, size: number | undefined): Buffer {
    const parts: Buffer[] = [];
    let length = 0;
    let next = start;
    while (next !== endOfChain && (size === undefined || length < size)) {
      const part = this.#sector(next, owned);
      parts.push(part);
      length += part.length;
      next = this.#fat[next] ?? nobody;
    }
    if (size !== undefined && length < size) throw broken(this.#noun);
    return size === undefined ? Buffer.concat(parts) : Buffer.concat(parts).subarray(0, size);
  }

  #sector(index: number, owned: Uint8Array | undefined): Buffer {
    if (index >= this.#owned.length) throw broken(this.#noun);
    if (owned) claim(owned, index, this.#noun);
    this.#effort.spend(this.#sectorSize);
    const at = (index + 1) * this.#sectorSize;
    return this.#bytes.subarray(at, at + this.#sectorSize);
  }
}

const kinds: Readonly<Record<number, CompoundEntry['kind'] | 'empty'>> = {
  0: 'empty',
  1: 'storage',
  2: 'stream',
  5: 'root',
};

function claim(owned: Uint8Array, index: number, noun: string): void {
  if (owned[index] === 1) throw shared(noun);
  owned[index] = 1;
}

const shared = (noun: string): Unfit =>
  unsafe(`This ${noun} is packed in a way that hides parts of it. Save it anew, then send that.`);

function numbersIn(bytes: Buffer): Uint32Array {
  const numbers = new Uint32Array(Math.floor(bytes.length / 4));
  for (let index = 0; index < numbers.length; index++) numbers[index] = bytes.readUInt32LE(index * 4);
  return numbers;
}
