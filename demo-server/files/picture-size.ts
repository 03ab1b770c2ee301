import { broken, excessive } from './verdict.ts';

/** What a browser can still show and a phone can still take: 12,000 by 8,333, say. */
const maxPixels = 100_000_000;
const maxSide = 30_000;

/** Refuses pictures that would fill a reader's memory. */
export function checkSize(width: number, height: number, noun: string): void {
  if (width === 0 || height === 0) throw broken(noun);
  if (width <= maxSide && height <= maxSide && width * height <= maxPixels) return;
  throw excessive(
    `This picture is ${String(width)} by ${String(height)} pixels: too large to be shown. Make it smaller, then send it.`,
  );
}
