import { crc32, deflateSync } from 'node:zlib';
import { latin1 } from './sample.ts';

/** A chunk of a PNG. */
export function aChunk(type: string, data: Buffer | string = ''): Buffer {
  const body = Buffer.concat([latin1(type), typeof data === 'string' ? latin1(data) : data]);
  const chunk = Buffer.alloc(8 + body.length);
  chunk.writeUInt32BE(body.length - 4);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), 4 + body.length);
  return chunk;
}

export type PngParts = {
  readonly width?: number;
  readonly height?: number;
  readonly depth?: number;
  readonly colour?: number;
  readonly interlace?: number;
  /** Chunks between the header and the pixels. */
  readonly before?: readonly Buffer[];
  /** Chunks between the pixels and the end. */
  readonly behind?: readonly Buffer[];
  /** Instead of pixels that are right. */
  readonly pixels?: readonly Buffer[];
  readonly after?: Buffer;
};

export const pngStart = latin1('\x89PNG\r\n\x1A\n');

export function aPng(parts: PngParts = {}): Buffer {
  const { width = 6, height = 5, depth = 8, colour = 2, interlace = 0 } = parts;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlace], 8);
  return Buffer.concat([
    pngStart,
    aChunk('IHDR', header),
    ...(parts.before ?? []),
    ...(parts.pixels ?? [pngPixels(width, height, depth, colour)]),
    ...(parts.behind ?? []),
    aChunk('IEND'),
    parts.after ?? Buffer.alloc(0),
  ]);
}

/** Rows of a gradient, not interlaced. */
export function pngPixels(width: number, height: number, depth: number, colour: number): Buffer {
  return aChunk('IDAT', deflateSync(pngRows(width, height, depth, colour)));
}

export function pngRows(width: number, height: number, depth: number, colour: number): Buffer {
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colour] ?? 1;
  const row = 1 + Math.ceil((width * channels * depth) / 8);
  const rows = colour === 3 ? Buffer.alloc(row * height) : Buffer.alloc(row * height, 'gradient');
  for (let at = 0; at < rows.length; at += row) rows[at] = 0;
  return rows;
}

export function aSegment(marker: number, data: Buffer | string): Buffer {
  const bytes = typeof data === 'string' ? latin1(data) : data;
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([head, bytes]);
}

export type JpegParts = {
  readonly width?: number;
  readonly height?: number;
  readonly components?: 1 | 3 | 4;
  readonly frame?: number;
  readonly precision?: number;
  /** Segments right behind the start. */
  readonly segments?: readonly Buffer[];
  /** Segments between the tables and the scan. */
  readonly late?: readonly Buffer[];
  readonly scans?: readonly Buffer[];
  readonly after?: Buffer;
  readonly end?: Buffer;
};

/** A grey picture that any program shows. */
export function aJpeg(parts: JpegParts = {}): Buffer {
  return Buffer.concat([
    Buffer.of(0xff, 0xd8),
    ...(parts.segments ?? [aJfif()]),
    jpegTables,
    ...(parts.late ?? []),
    jpegPixels(parts),
    parts.end ?? Buffer.of(0xff, 0xd9),
    parts.after ?? Buffer.alloc(0),
  ]);
}

/** Frame and scans: what must come back as it is. */
export function jpegPixels(parts: JpegParts = {}): Buffer {
  const { width = 24, height = 16, components = 1, frame = 0xc0, precision = 8 } = parts;
  const header = Buffer.alloc(6 + 3 * components);
  header.writeUInt8(precision);
  header.writeUInt16BE(height, 1);
  header.writeUInt16BE(width, 3);
  header.writeUInt8(components, 5);
  for (let component = 0; component < components; component++)
    header.set([component + 1, 0x11, 0], 6 + 3 * component);
  const blocks = Math.min(Math.ceil(width / 8) * Math.ceil(height / 8), 10_000) * components;
  return Buffer.concat([aSegment(frame, header), ...(parts.scans ?? [aScan(components, blocks)])]);
}

/** Each block is two bits: no difference in brightness to the one before, and the end of the block. */
export function aScan(components = 1, blocks = 6): Buffer {
  const of = Array.from({ length: components }, (_, component) => [component + 1, 0x00]).flat();
  const bits = Buffer.alloc(Math.ceil(blocks / 4));
  if (blocks % 4 > 0) bits[bits.length - 1] = 0xff >> ((blocks % 4) * 2);
  return Buffer.concat([aSegment(0xda, Buffer.of(components, ...of, 0, 63, 0)), bits]);
}

export const jpegTables = Buffer.concat([
  aSegment(0xdb, Buffer.concat([Buffer.of(0), Buffer.alloc(64, 1)])),
  aSegment(0xc4, Buffer.concat([Buffer.of(0x00, 1), Buffer.alloc(15), Buffer.of(0)])),
  aSegment(0xc4, Buffer.concat([Buffer.of(0x10, 1), Buffer.alloc(15), Buffer.of(0)])),
]);

export const aJfif = (thumbnail: Buffer = Buffer.alloc(0)): Buffer =>
  aSegment(
    0xe0,
    Buffer.concat([
      latin1('JFIF\0\x01\x02\x01\0\x48\0\x48'),
      Buffer.of(thumbnail.length / 3, thumbnail.length === 0 ? 0 : 1),
      thumbnail,
    ]),
  );

/** EXIF as a camera writes it: maker, which side is up, and where it was taken. */
export function exifTiff(orientation: number, order: 'II' | 'MM' = 'II'): Buffer {
  const tiff = Buffer.alloc(200);
  const short = (value: number, at: number) =>
    order === 'II' ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
  const long = (value: number, at: number) =>
    order === 'II' ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at);
  const entry = (at: number, tag: number, type: number, count: number) => {
    short(tag, at);
    short(type, at + 2);
    long(count, at + 4);
  };
  tiff.write(order, 'latin1');
  short(42, 2);
  long(8, 4);
  short(3, 8);
  entry(10, 0x010f, 2, 12);
  long(80, 18);
  entry(22, 0x0112, 3, 1);
  short(orientation, 30);
  entry(34, 0x8825, 4, 1);
  long(100, 42);
  tiff.write('PlantedMaker', 80, 'latin1');
  short(1, 100);
  entry(102, 0x0002, 5, 3);
  long(130, 110);
  tiff.write('PlantedPosition', 130, 'latin1');
  return tiff;
}

export const anExif = (orientation: number, order: 'II' | 'MM' = 'II'): Buffer =>
  aSegment(0xe1, Buffer.concat([latin1('Exif\0\0'), exifTiff(orientation, order)]));

/** A colour profile: 128 bytes that say so, and no tags. */
export function aProfile(size = 132): Buffer {
  const profile = Buffer.alloc(size);
  profile.writeUInt32BE(size);
  profile.write('mntrRGB XYZ ', 12, 'latin1');
  profile.write('acsp', 36, 'latin1');
  return profile;
}
