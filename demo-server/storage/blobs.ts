/**
 * Where files lie. Names say nothing of what is in them, and what is in them is sealed before it comes here.
 * Trouble with the disk or the service is a `StorageTrouble`.
 */
export interface Blobs {
  /** Resolves once it would survive the power going off. What lay there before is replaced, whole or not at all. */
  put(key: string, bytes: Uint8Array): Promise<void>;

  /** All of it, or from a byte up to before another; nothing where there is none. */
  get(key: string, range?: ByteRange): Promise<Buffer | undefined>;

  /** Where there is none, nothing happens. */
  remove(key: string): Promise<void>;

  /** Every key that begins so. */
  list(prefix: string): Promise<readonly string[]>;
}

/** From a byte up to before another. */
export type ByteRange = { readonly start: number; readonly end: number };

/** Keys are made by us: words of lower case, digits and dashes, with slashes between. */
export function checkKey(key: string): string {
  if (!/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(key)) throw new Error('A blob is not called that.');
  return key;
}
