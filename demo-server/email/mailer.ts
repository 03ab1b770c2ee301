import type { Role } from '../../protocol/person.ts';

/** A mail that is to go out: to whom, and about which thread. What it says is the same for everybody. */
export type Mail = {
  /** Its one name, the same with every attempt, so that a mailbox folds what comes twice. A UUID. */
  readonly id: string;
  readonly to: string;
  readonly role: Role;
  /** BCP 47. */
  readonly locale: string;
  readonly threadId: string;
};

/**
 * What a mail server said:
 * - `accepted`: it has the mail
 * - `deferred`: not now, or nobody answered; the same mail may be taken later
 * - `refused`: never to this address
 */
export type Delivery = 'accepted' | 'deferred' | 'refused';

/** Hands mails to whoever delivers them. */
export interface Mailer {
  /** Never rejects: whatever goes wrong on the way is a `deferred`. */
  send(mail: Mail): Promise<Delivery>;

  /** Lets the mails on their way finish, then lets go. */
  close(): Promise<void>;
}
