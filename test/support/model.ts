/** The two who share the computer, and the two threads that each of them has. */
export const people = ['ana', 'ben'] as const;
export type Person = (typeof people)[number];
export type Place = { readonly person: Person; readonly thread: 0 | 1 };

/**
 * What somebody wrote and sent.
 * - `certain`: it was in the log, so it is at the server in the end
 * - `unclear`: the screen was blanked in that moment: it is at the server in the end, or in the composer
 * - `doubtful`: somebody else signed in before it had gone: it is at the server once, or nowhere
 */
export type Written = Place & {
  readonly text: string;
  fate: 'certain' | 'unclear' | 'doubtful';
};

export type Tab = {
  readonly number: number;
  person: Person | undefined;
  thread: 0 | 1 | undefined;
  /** Whether what it keeps outlives it: not where another person has signed in since. */
  isDurable: boolean;
  /** Of which threads it knows the draft. */
  knows: Set<string>;
};

/** What there should be, by all that was done so far. */
export class Model {
  isOnline = true;
  signedIn: Person | undefined = 'ana';
  /** Who was signed in last. */
  last: Person = 'ana';
  tabs: Tab[] = [];
  written: Written[] = [];
  readonly heard = new Map<string, string[]>();
  readonly drafts = new Map<string, { text: string; isSure: boolean }>();
  tabsSoFar = 0;

  draft(place: Place): string | undefined {
    return this.drafts.get(nameOf(place))?.text;
  }
}

export const nameOf = ({ person, thread }: Place) => `${person} ${thread}`;

export function isAt(written: Written, { person, thread }: Place): boolean {
  return written.person === person && written.thread === thread;
}
