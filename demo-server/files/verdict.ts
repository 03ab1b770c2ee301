import type { limits } from '../../protocol/limits.ts';
import type { ProblemCode } from '../../protocol/problem.ts';

/** The kinds of file that are taken, as the contract names them. */
export type MediaType = (typeof limits.mediaTypes)[number];

/**
 * Why a file is turned away:
 * - `unsupported-file`: it is no file of the six kinds, is not what its name says, or can't be looked into
 * - `unsafe-file`: it could run, load or hide something
 * - `too-large`: it is too big, or holds too much
 * - `invalid`: it is one of the six kinds, and broken; or empty
 */
export type RefusalCode = Extract<ProblemCode, 'unsupported-file' | 'unsafe-file' | 'too-large' | 'invalid'>;

/** A file as it may be kept: photos without what they said about their owner, all others byte for byte. */
export type Sound = {
  readonly kind: 'sound';
  readonly mediaType: MediaType;
  readonly name: string;
  readonly bytes: Uint8Array;
};

/** A file we will not have, and a sentence about it for whoever sent it. */
export type Refused = { readonly kind: 'refused'; readonly code: RefusalCode; readonly reason: string };

export type Verdict = Sound | Refused;

/** Nobody could look at a file just now: nothing is said of it, and it may be asked for again. */
export type Later = { readonly kind: 'later' };

/** Ends the inspection of a file. Only `inspect` catches it. */
export class Unfit extends Error {
  override readonly name = 'Unfit';
  readonly code: RefusalCode;
  readonly reason: string;

  constructor(code: RefusalCode, reason: string) {
    super(reason);
    this.code = code;
    this.reason = reason;
  }
}

/** It is one of our kinds, and broken. */
export const broken = (what: string): Unfit =>
  new Unfit(
    'invalid',
    `This ${what} is damaged or was cut off on its way. Save or scan it again, then send it.`,
  );

/** It could do something by itself, or hides something that could. */
export const unsafe = (reason: string): Unfit => new Unfit('unsafe-file', reason);

/** It is honest, and nothing we can take. */
export const unsupported = (reason: string): Unfit => new Unfit('unsupported-file', reason);

/** There is more in it than we are willing to look at, or a reader able to show. */
export const excessive = (reason: string): Unfit => new Unfit('too-large', reason);
