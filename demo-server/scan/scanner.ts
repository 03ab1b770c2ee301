/** What a scanner says of a file; `unavailable` where it does not say anything now and may later. */
export type Verdict = 'clean' | 'infected' | 'unavailable';

/** Looks whether a file does harm. */
export interface Scanner {
  /** Never throws: trouble is `unavailable`. */
  scan(bytes: Uint8Array): Promise<Verdict>;
}
