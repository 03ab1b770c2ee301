import type { MediaType, RefusalCode } from '../../../demo-server/files/verdict.ts';

/** A file that is to be taken, and what it is. Photos come back with the same pixels, all others byte for byte. */
export type SoundSample = {
  readonly what: string;
  readonly name: string;
  readonly bytes: Buffer;
  readonly mediaType: MediaType;
  /** What of a photo must come back as it is, where that is not the whole file. */
  readonly pixels?: Buffer;
};

/** A file that is to be turned away, or to come back without the words in it that were planted. */
export type HostileSample = {
  readonly what: string;
  readonly name: string;
  readonly bytes: Buffer;
  readonly must: RefusalCode | { readonly lose: readonly string[] };
};

export const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
