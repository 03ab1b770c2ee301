const sector = 512;
const free = 0xffffffff;
const endOfChain = 0xfffffffe;
const fatSector = 0xfffffffd;

/** A stream of a compound file, or a storage with more of them. */
export type CompoundPart =
  | { readonly name: string; readonly content: Buffer }
  | { readonly name: string; readonly children: readonly CompoundPart[] };

/** A compound file (OLE 2) of sectors of 512 bytes. Streams below 4,096 bytes lie in the mini stream. */
export function aCompoundFile(parts: readonly CompoundPart[]): Buffer {
  const sectors: Buffer[] = [];
  const fat: number[] = [];
  const miniFat: number[] = [];
  const mini: Buffer[] = [];

  const store = (content: Buffer): number => {
    const start = sectors.length;
    const count = Math.ceil(content.length / sector);
    for (let index = 0; index < count; index++) {
      const piece = Buffer.alloc(sector);
      content.copy(piece, 0, index * sector);
      sectors.push(piece);
      fat.push(index === count - 1 ? endOfChain : start + index + 1);
    }
    return count === 0 ? endOfChain : start;
  };
  const storeMini = (content: Buffer): number => {
    const start = mini.length;
    const count = Math.ceil(content.length / 64);
    for (let index = 0; index < count; index++) {
      const piece = Buffer.alloc(64);
      content.copy(piece, 0, index * 64);
      mini.push(piece);
      miniFat.push(index === count - 1 ? endOfChain : start + index + 1);
    }
    return count === 0 ? endOfChain : start;
  };

  const entries: Buffer[] = [];
  const anEntry = (name: string, kind: number): Buffer => {
    const entry = Buffer.alloc(128);
    entry.write(name, 'utf16le');
    entry.writeUInt16LE(name.length * 2 + 2, 64);
    entry.set([kind, 1], 66);
    for (const at of [68, 72, 76]) entry.writeUInt32LE(free, at);
    entries.push(entry);
    return entry;
  };
  // Siblings hang on each other to the right.
  const addAll = (children: readonly CompoundPart[], parent: Buffer): void => {
    let last: Buffer | undefined;
    for (const child of children) {
      const number = entries.length;
      const entry = anEntry(child.name, 'content' in child ? 2 : 1);
      if (last) last.writeUInt32LE(number, 72);
      else parent.writeUInt32LE(number, 76);
      last = entry;
      if ('content' in child) {
        entry.writeUInt32LE(
          child.content.length < 4_096 ? storeMini(child.content) : store(child.content),
          116,
        );
        entry.writeUInt32LE(child.content.length, 120);
      } else addAll(child.children, entry);
    }
  };
  const root = anEntry('Root Entry', 5);
  addAll(parts, root);
  root.writeUInt32LE(store(Buffer.concat(mini)), 116);
  root.writeUInt32LE(mini.length * 64, 120);
  const miniFatAt = store(numbers(miniFat));
  const directory = Buffer.concat(entries);
  const directoryAt = store(
    Buffer.concat([directory, Buffer.alloc((sector - (directory.length % sector)) % sector)]),
  );

  let fatCount = 1;
  while (fatCount * 128 < fat.length + fatCount) fatCount++;
  const fatAt = sectors.length;
  for (let index = 0; index < fatCount; index++) fat.push(fatSector);
  const table = numbers([...fat, ...Array.from({ length: fatCount * 128 - fat.length }, () => free)]);

  const header = Buffer.alloc(sector);
  header.write('\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1', 'latin1');
  [0x3e, 3, 0xfffe, 9, 6].forEach((value, index) => header.writeUInt16LE(value, 24 + index * 2));
  header.writeUInt32LE(fatCount, 44);
  header.writeUInt32LE(directoryAt, 48);
  header.writeUInt32LE(4_096, 56);
  header.writeUInt32LE(miniFat.length === 0 ? endOfChain : miniFatAt, 60);
  header.writeUInt32LE(Math.ceil(miniFat.length / 128), 64);
  header.writeUInt32LE(endOfChain, 68);
  for (let index = 0; index < 109; index++)
    header.writeUInt32LE(index < fatCount ? fatAt + index : free, 76 + index * 4);
  return Buffer.concat([header, ...sectors, table]);
}

export type DocParts = {
  readonly text?: string;
  /** Text in eight bits, as Word writes where it can. */
  readonly narrow?: boolean;
  /** Cuts the text into pieces of so many letters. */
  readonly pieces?: number;
  readonly version?: number;
  readonly flags?: number;
  /** The template it is tied to. */
  readonly template?: string;
  readonly commands?: Buffer;
  readonly more?: readonly CompoundPart[];
  readonly without?: readonly string[];
};

/** A Word document of the old kind, right in every way but those that are named. */
export function aDoc(parts: DocParts = {}): Buffer {
  const { text = 'Homework for Thursday\r', version = 0xc1, flags = 0x0200 } = parts;
  const encoded = Buffer.from(text, parts.narrow ? 'latin1' : 'utf16le');
  const start = 0x600;
  const words = Buffer.alloc(Math.max(start + encoded.length, 4_096));
  encoded.copy(words, start);
  words.writeUInt16LE(0xa5ec, 0);
  words.writeUInt16LE(version, 2);
  words.writeUInt16LE(flags, 0x0a);

  const table: Buffer[] = [];
  const tell = (at: number, content: Buffer) => {
    words.writeUInt32LE(Buffer.concat(table).length, at);
    words.writeUInt32LE(content.length, at + 4);
    table.push(content);
  };
  tell(0x1a2, aPieceTable(text.length, parts.pieces ?? text.length, start, parts.narrow === true));
  const name = parts.template ?? 'Normal.dotm';
  tell(
    0x19a,
    Buffer.concat([Buffer.of(0xff, 0xff, 2, 0, 0, 0, 0, 0, name.length, 0), Buffer.from(name, 'utf16le')]),
  );
  if (parts.commands) tell(0x15a, parts.commands);
  table.push(Buffer.alloc(4_096));

  const streams: CompoundPart[] = [
    { name: 'WordDocument', content: words },
    { name: (flags & 0x0200) === 0 ? '0Table' : '1Table', content: Buffer.concat(table) },
    { name: '\x05SummaryInformation', content: Buffer.alloc(300, 7) },
    { name: '\x01CompObj', content: Buffer.alloc(100, 8) },
  ];
  const kept = streams.filter((stream) => !parts.without?.includes(stream.name));
  return aCompoundFile([...kept, ...(parts.more ?? [])]);
}

function aPieceTable(letters: number, each: number, start: number, isNarrow: boolean): Buffer {
  const cuts: number[] = [];
  for (let at = 0; at < letters; at += Math.max(each, 1)) cuts.push(at);
  const places = Buffer.alloc((cuts.length + 1) * 4 + cuts.length * 8);
  cuts.forEach((cut, index) => {
    places.writeUInt32LE(cut, index * 4);
    const place = isNarrow ? ((start + cut) * 2) | 0x40000000 : start + cut * 2;
    places.writeUInt32LE(place, (cuts.length + 1) * 4 + index * 8 + 2);
  });
  places.writeUInt32LE(letters, cuts.length * 4);
  const head = Buffer.of(2, 0, 0, 0, 0);
  head.writeUInt32LE(places.length, 1);
  return Buffer.concat([head, places]);
}

const numbers = (values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32LE(value, index * 4));
  return bytes;
};
