/** What a scanner says of a file; `unavailable` where it does not say anything now and may later. */
export type Verdict = 'clean' | 'infected' | 'unavailable';

/** Looks whether a file does harm. */
export interface Scanner {
  /** Never throws: trouble is `unavailable`, and so is being told to stop. */
  scan(bytes: Uint8Array, stop: AbortSignal): Promise<Verdict>;
}
