import { crc32, deflateRawSync } from 'node:zlib';

export type ZipPart = {
  readonly name: string;
  readonly content: Buffer | string;
  readonly stored?: boolean;
  readonly flags?: number;
  readonly method?: number;
  /** What it says to unpack to. */
  readonly size?: number;
  readonly checksum?: number;
  readonly localName?: string;
  readonly descriptor?: boolean;
  /** More bytes behind its data. */
  readonly gap?: Buffer;
  /** Its data are those of this earlier part. */
  readonly over?: number;
  readonly packed?: Buffer;
};

export type ZipOptions = {
  readonly before?: Buffer;
  readonly after?: Buffer;
  readonly comment?: Buffer;
  readonly betweenDirectory?: Buffer;
  readonly count?: number;
};

/** A zip archive, right in every way but those that are named. */
export function aZip(parts: readonly ZipPart[], options: ZipOptions = {}): Buffer {
  const chunks: Buffer[] = [];
  const directory: Buffer[] = [];
  const places: number[] = [];
  let at = 0;
  const push = (chunk: Buffer) => {
    chunks.push(chunk);
    at += chunk.length;
  };
  push(options.before ?? Buffer.alloc(0));
  for (const part of parts) {
    const content = typeof part.content === 'string' ? Buffer.from(part.content) : part.content;
    const method = part.method ?? (part.stored ? 0 : 8);
    const packed = part.packed ?? (method === 0 ? content : deflateRawSync(content));
    const flags = (part.flags ?? 0) | (part.descriptor ? 8 : 0);
    const sums = [part.checksum ?? crc32(content), packed.length, part.size ?? content.length];
    const start = part.over === undefined ? at : (places[part.over] ?? 0);
    places.push(start);
    if (part.over === undefined) {
      const head = Buffer.alloc(30);
      head.writeUInt32LE(0x04034b50);
      head.writeUInt16LE(20, 4);
      head.writeUInt16LE(flags, 6);
      head.writeUInt16LE(method, 8);
      if (!part.descriptor) sums.forEach((sum, index) => head.writeUInt32LE(sum, 14 + index * 4));
      const localName = Buffer.from(part.localName ?? part.name);
      head.writeUInt16LE(localName.length, 26);
      push(Buffer.concat([head, localName, packed]));
      if (part.descriptor) {
        const descriptor = Buffer.alloc(16);
        descriptor.writeUInt32LE(0x08074b50);
        sums.forEach((sum, index) => descriptor.writeUInt32LE(sum, 4 + index * 4));
        push(descriptor);
      }
      push(part.gap ?? Buffer.alloc(0));
    }
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    entry.writeUInt16LE(20, 4);
    entry.writeUInt16LE(20, 6);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(method, 10);
    sums.forEach((sum, index) => entry.writeUInt32LE(sum, 16 + index * 4));
    const name = Buffer.from(part.name);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(start, 42);
    directory.push(Buffer.concat([entry, name]));
  }
  push(options.betweenDirectory ?? Buffer.alloc(0));
  const directoryAt = at;
  directory.forEach(push);
  const end = Buffer.alloc(22);
  const comment = options.comment ?? Buffer.alloc(0);
  end.writeUInt32LE(0x06054b50);
  const count = options.count ?? parts.length;
  end.writeUInt16LE(count & 0xffff, 8);
  end.writeUInt16LE(count & 0xffff, 10);
  end.writeUInt32LE(at - directoryAt, 12);
  end.writeUInt32LE(directoryAt, 16);
  end.writeUInt16LE(comment.length, 20);
  push(end);
  push(comment);
  push(options.after ?? Buffer.alloc(0));
  return Buffer.concat(chunks);
}
