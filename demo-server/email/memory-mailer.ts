import { createTransport } from 'nodemailer';
import { isAddress } from './address.ts';
import { compose, type Sender } from './compose.ts';
import type { Delivery, Mail, Mailer } from './mailer.ts';

/** A mail that would have gone out, and when. */
export type KeptMail = { readonly mail: Mail; readonly at: number };

/** Keeps the newest mails instead of sending them. */
export class MemoryMailer implements Mailer {
  readonly #limit: number;
  readonly #now: () => number;
  readonly #kept = new Map<string, KeptMail>();
  readonly #transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

  constructor(limit = 200, now: () => number = Date.now) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Newest first. */
  get mails(): readonly KeptMail[] {
    return [...this.#kept.values()].reverse();
  }

  find(id: string): KeptMail | undefined {
    return this.#kept.get(id);
  }

  send(mail: Mail): Promise<Delivery> {
    if (!isAddress(mail.to)) return Promise.resolve('refused');
    // What comes twice is one mail, as in a mailbox.
    this.#kept.delete(mail.id);
    this.#kept.set(mail.id, { mail, at: this.#now() });
    for (const id of this.#kept.keys()) {
      if (this.#kept.size <= this.#limit) break;
      this.#kept.delete(id);
    }
    return Promise.resolve('accepted');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * The bytes that a mail server would have been given. They are made when they are looked at, for only then is it
   * known under which name whoever looks has come here.
   */
  async bytesOf({ mail, at }: KeptMail, sender: Sender): Promise<Buffer | undefined> {
    const message = compose(mail, sender);
    if (message === undefined) return undefined;
    const { message: bytes } = await this.#transport.sendMail({ ...message, date: new Date(at) });
    return bytes as Buffer;
  }
}
