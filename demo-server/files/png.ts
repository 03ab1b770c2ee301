import { constants, crc32, deflateSync, inflateSync } from 'node:zlib';
import type { Effort } from './effort.ts';
import { exifOf, type Orientation, orientationIn } from './exif.ts';
import { checkSize } from './picture-size.ts';
import { broken, unsafe, unsupported } from './verdict.ts';

const noun = 'PNG picture';

/** What stays: what pixels, and their colours, are made of. All that a picture could say beside itself goes. */
const kept: ReadonlySet<string> = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB cICP mDCV cLLI sBIT bKGD hIST pHYs'.split(' '),
);
/** Pixels up to this many bytes are unpacked to see that they are all there; beyond it the sum has to do. */
const unpackUpTo = 64 * 1024 * 1024;
/** Deflate packs nothing more tightly than this. */
const tightest = 1_032;
const profileLimit = 4 * 1024 * 1024;

/** Reads a PNG chunk by chunk and gives it back with the same pixels and without what it says about anybody. */
export function inspectPng(bytes: Buffer, effort: Effort): Buffer {
  const parts: Buffer[] = [bytes.subarray(0, 8)];
  const pixels: Buffer[] = [];
  const seen = new Set<string>();
  let orientation: Orientation = 1;
  let header: Header | undefined;
  let last = '';
  let firstPixels = 0;
  let at = 8;
  while (last !== 'IEND') {
    if (at + 12 > bytes.length) throw broken(noun);
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    if (length > 0x7fffffff || end > bytes.length) throw broken(noun);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, end - 4);
    effort.spend(12 + length);
    if (
      !/^[A-Za-z]{4}$/.test(type) ||
      crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)
    ) {
      throw broken(noun);
    }
    if (type === 'CgBI')
      throw unsupported('This PNG picture was made for iPhone apps alone. Save it as JPG, then send that.');
    if ((header === undefined) !== (type === 'IHDR')) throw broken(noun);
    if (type !== 'IDAT' && seen.has(type) && kept.has(type)) throw broken(noun);
    // Pixels lie together: what comes between them would cut them short for some readers and not for others.
    if (type === 'IDAT' && seen.has('IDAT') && last !== 'IDAT') throw broken(noun);
    if (type === 'IHDR') header = readHeader(data);
    else if (type === 'PLTE' && (length === 0 || length % 3 !== 0 || length > 768 || seen.has('IDAT')))
      throw broken(noun);
    else if (type === 'IDAT') pixels.push(data);
    else if (type === 'IEND' && length > 0) throw broken(noun);
    else if (type === 'eXIf' && !seen.has(type)) orientation = orientationIn(data);
    else if (type === 'iCCP' && !seen.has(type) && !seen.has('IDAT')) parts.push(...profileOf(data, effort));
    // A critical chunk nobody knows: readers may do with it what they like.
    if (isCritical(type) && !kept.has(type)) throw broken(noun);
    if (type === 'IDAT' && last !== 'IDAT') firstPixels = parts.length;
    if (kept.has(type)) parts.push(bytes.subarray(at, end));
    seen.add(type);
    last = type;
    at = end;
  }
  if (at !== bytes.length) {
    throw unsafe(
      'Something is hidden behind the end of this picture. Open it and save it anew, then send that.',
    );
  }
  if (header === undefined || pixels.length === 0) throw broken(noun);
  if (header.colour === 3 && !seen.has('PLTE')) throw broken(noun);
  checkPixels(header, pixels, effort);
  // In front of the pixels, for there every reader looks.
  if (orientation !== 1) parts.splice(firstPixels, 0, chunk('eXIf', exifOf(orientation)));
  return Buffer.concat(parts);
}

type Header = {
  readonly width: number;
  readonly height: number;
  readonly bitsPerPixel: number;
  readonly colour: number;
  readonly isInterlaced: boolean;
};

const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

function readHeader(data: Buffer): Header {
  if (data.length !== 13) throw broken(noun);
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  const [depth = 0, colour = 0, compression, filter, interlace] = data.subarray(8);
  checkSize(width, height, noun);
  if (!depths[colour]?.includes(depth) || compression !== 0 || filter !== 0 || (interlace ?? 2) > 1)
    throw broken(noun);
  return {
    width,
    height,
    bitsPerPixel: depth * (channels[colour] ?? 1),
    colour,
    isInterlaced: interlace === 1,
  };
}

/** Whether the pixels are all there, and no more than the header says. */
function checkPixels(header: Header, pixels: readonly Buffer[], effort: Effort): void {
  const wanted = unpackedSize(header);
  const packed = pixels.reduce((sum, { length }) => sum + length, 0);
  if (packed < 6 || wanted > packed * tightest) throw broken(noun);
  if (wanted > unpackUpTo) return;
  const unpacked = unpack(Buffer.concat(pixels), wanted, effort);
  if (unpacked?.length !== wanted) throw broken(noun);
}

/** Rows, each with one byte for its filter; seven pictures of them when interlaced. */
function unpackedSize({ width, height, bitsPerPixel, isInterlaced }: Header): number {
  const passes = isInterlaced ? adam7 : ([[0, 0, 1, 1]] as const);
  return passes.reduce((sum, [left, top, across, down]) => {
    const columns = Math.ceil((width - left) / across);
    const rows = Math.ceil((height - top) / down);
    return columns > 0 && rows > 0 ? sum + rows * (1 + Math.ceil((columns * bitsPerPixel) / 8)) : sum;
  }, 0);
}

/** Where each pass of an interlaced picture begins, and its steps. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** A colour profile, under a name that says nothing. One that can't be unpacked is of no use to anybody and goes. */
function profileOf(data: Buffer, effort: Effort): Buffer[] {
  const nameEnd = data.indexOf(0);
  if (nameEnd < 1 || nameEnd > 79 || data[nameEnd + 1] !== 0) return [];
  const profile = unpack(data.subarray(nameEnd + 2), profileLimit, effort);
  // A profile says so at 36.
  if (profile === undefined || profile.toString('latin1', 36, 40) !== 'acsp') return [];
  return [chunk('iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(profile)]))];
}

function unpack(packed: Buffer, limit: number, effort: Effort): Buffer | undefined {
  try {
    // One byte more than wanted, for what is a byte too long must not look right.
    const unpacked = inflateSync(packed, { maxOutputLength: limit + 1, finishFlush: constants.Z_FINISH });
    effort.unpacked(unpacked.length);
    return unpacked;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') effort.unpacked(limit);
    return undefined;
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const whole = Buffer.alloc(12 + data.length);
  whole.writeUInt32BE(data.length);
  whole.write(type, 4, 'latin1');
  data.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
}

const isCritical = (type: string): boolean => /^[A-Z]/.test(type);
