import type { Effort } from './effort.ts';
import { exifOf, type Orientation, orientationIn } from './exif.ts';
import { checkSize } from './picture-size.ts';
import { broken, excessive, unsupported } from './verdict.ts';

const noun = 'JPG picture';

const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;
const comment = 0xfe;
/** Tables and restarts: what pixels are made of. */
const tables: ReadonlySet<number> = new Set([0xc4, 0xdb, 0xdd]);
/** Baseline, extended, progressive: what every browser shows. */
const frames: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
/** A progressive picture has about ten; hundreds of thousands keep a reader busy for minutes. */
const maxScans = 100;
/** Cameras write a dozen. */
const maxSegments = 4_000;

/**
 * Reads a JPEG segment by segment and gives it back with the same compressed pixels and without what it says about anybody:
 * EXIF but for the orientation, XMP, IPTC, maker's notes, previews, comments, and whatever stands behind its end, where phones
 * put films, depth maps and second pictures.
 */
export function inspectJpeg(bytes: Buffer, effort: Effort): Buffer {
  const parts: Buffer[] = [];
  let orientation: Orientation = 1;
  let hasFrame = false;
  let hasExif = false;
  let scans = 0;
  let segments = 0;
  let at = 2;
  for (;;) {
    if (++segments > maxSegments) throw broken(noun);
    if (bytes[at] !== 0xff) throw broken(noun);
    // Any number of FF may stand before a marker.
    while (bytes[at + 1] === 0xff) at++;
    effort.spend(1);
    const marker = bytes[at + 1];
    if (marker === undefined || marker === startOfImage) throw broken(noun);
    if (marker === endOfImage) break;
    const end = segmentEnd(bytes, at, marker);
    const data = bytes.subarray(at + 4, end);
    effort.spend(end - at);
    if (frames.has(marker)) {
      if (hasFrame) throw broken(noun);
      hasFrame = true;
      checkFrame(data);
      parts.push(bytes.subarray(at, end));
      at = end;
    } else if (marker === startOfScan) {
      if (!hasFrame) throw broken(noun);
      if (++scans > maxScans) {
        throw excessive(
          'This picture is drawn over itself too often to be shown. Save it anew, then send that.',
        );
      }
      const scanEnd = endOfScan(bytes, end, effort);
      parts.push(bytes.subarray(at, scanEnd));
      at = scanEnd;
    } else if (tables.has(marker)) {
      parts.push(bytes.subarray(at, end));
      at = end;
    } else if (isApplication(marker) || marker === comment) {
      if (isExif(marker, data) && !hasExif) {
        hasExif = true;
        orientation = orientationIn(data.subarray(6));
      }
      parts.push(...keptOf(marker, data));
      at = end;
    } else {
      throw unsupported(
        'This is a rare kind of JPG that few programs can show. Save it anew, then send that.',
      );
    }
  }
  if (!hasFrame || scans === 0) throw broken(noun);
  return Buffer.concat([
    Buffer.of(0xff, startOfImage),
    // JFIF wants to be first.
    ...parts.filter(isJfif).slice(0, 1),
    ...(orientation === 1 ? [] : [segment(0xe1, Buffer.concat([exifStart, exifOf(orientation)]))]),
    ...parts.filter((part) => !isJfif(part)),
    Buffer.of(0xff, endOfImage),
  ]);
}

/** Where the segment that begins here ends: two bytes of marker, two of length, which count themselves. */
function segmentEnd(bytes: Buffer, at: number, marker: number): number {
  if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd7) || at + 4 > bytes.length) throw broken(noun);
  const length = bytes.readUInt16BE(at + 2);
  if (length < 2 || at + 2 + length > bytes.length) throw broken(noun);
  return at + 2 + length;
}

/** The next marker that is no restart. In pixels FF is always followed by 00. */
function endOfScan(bytes: Buffer, from: number, effort: Effort): number {
  let at = from;
  for (;;) {
    const next = bytes.indexOf(0xff, at);
    if (next < 0 || next + 1 >= bytes.length) throw broken(noun);
    effort.spend(next + 1 - at);
    const follower = bytes[next + 1] ?? 0;
    if (follower === 0 || (follower >= 0xd0 && follower <= 0xd7)) at = next + 2;
    else if (follower === 0xff) at = next + 1;
    else return next;
  }
}

function checkFrame(data: Buffer): void {
  if (data.length < 6) throw broken(noun);
  const [precision, components = 0] = [data[0], data[5]];
  checkSize(data.readUInt16BE(3), data.readUInt16BE(1), noun);
  if (![1, 3, 4].includes(components) || data.length !== 6 + 3 * components) throw broken(noun);
  if (precision !== 8) {
    throw unsupported('This is a rare kind of JPG that few programs can show. Save it anew, then send that.');
  }
  for (let component = 0; component < components; component++) {
    const sampling = data[7 + 3 * component] ?? 0;
    const [across, down] = [sampling >> 4, sampling & 15];
    if (across < 1 || across > 4 || down < 1 || down > 4) throw broken(noun);
  }
}

/** What a segment says that pixels need: their density, colour profile and colour model. */
function keptOf(marker: number, data: Buffer): Buffer[] {
  // The density, without the preview that may follow it.
  if (marker === 0xe0 && startsWith(data, 'JFIF\0') && data.length >= 14) {
    return [segment(marker, Buffer.concat([data.subarray(0, 12), Buffer.of(0, 0)]))];
  }
  if (marker === 0xe2 && startsWith(data, 'ICC_PROFILE\0') && data.length > 14)
    return [segment(marker, data)];
  if (marker === 0xee && startsWith(data, 'Adobe') && data.length >= 12)
    return [segment(marker, data.subarray(0, 12))];
  return [];
}

const exifStart = Buffer.from('Exif\0\0', 'latin1');

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

const isApplication = (marker: number): boolean => marker >= 0xe0 && marker <= 0xef;
const isJfif = (part: Buffer): boolean => part[1] === 0xe0;
const isExif = (marker: number, data: Buffer): boolean => marker === 0xe1 && startsWith(data, 'Exif\0');
const startsWith = (data: Buffer, text: string): boolean => data.toString('latin1', 0, text.length) === text;
