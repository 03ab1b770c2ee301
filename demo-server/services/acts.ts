import type { Storage, Transaction } from '../storage/storage.ts';
import { Refusal } from './refusal.ts';

/** Who acts: a person, by their id, the portal's own server, or this one by itself. */
export type Actor = { readonly personId: string } | 'portal' | 'server';

/** What an act is called in the audit log, and what it is about, as far as that is known. */
export type ActName = {
  readonly action: string;
  readonly threadId?: string | undefined;
  readonly subject?: string | undefined;
};

/** An act tells the log more precisely what it turned out to be. */
export type Act<Result> = (
  transaction: Transaction,
  note: (more: Partial<ActName>) => void,
) => Promise<Result>;

/**
 * Does what somebody asks, and writes down that they did, or that they were refused, in the same
 * transaction. An act refuses before it writes.
 */
export class Acts {
  readonly #storage: Pick<Storage, 'write'>;
  readonly now: () => number;

  constructor(storage: Pick<Storage, 'write'>, now: () => number) {
    this.#storage = storage;
    this.now = now;
  }

  async perform<Result>(actor: Actor, name: ActName, act: Act<Result>): Promise<Result> {
    const outcome = await this.#storage.write(async (transaction) => {
      let noted = name;
      const audit = ({ action, threadId, subject }: ActName) =>
        transaction.audit({
          at: this.now(),
          actor: typeof actor === 'string' ? actor : actor.personId,
          action,
          threadId: threadId ?? null,
          subject: subject ?? null,
        });
      try {
        const result = await act(transaction, (more) => (noted = { ...name, ...more }));
        audit(noted);
        return { result };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        audit({ ...name, action: `${name.action} refused: ${error.code}` });
        return { refusal: error };
      }
    });
    if ('refusal' in outcome) throw outcome.refusal;
    return outcome.result;
  }
}
