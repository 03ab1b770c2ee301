import type { Delivery, Mail, Mailer } from '../../demo-server/email/mailer.ts';

/** A mail server that takes everything, until a test says otherwise. */
export class FakeMailer implements Mailer {
  /** Every mail it was handed, whatever it said to it. */
  readonly sent: Mail[] = [];
  isClosed = false;

  /** What it says to a mail. */
  answer: (mail: Mail) => Delivery | Promise<Delivery> = () => 'accepted';

  async send(mail: Mail): Promise<Delivery> {
    this.sent.push(mail);
    return this.answer(mail);
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }

  /** To whom, in the order they came. */
  get recipients(): readonly string[] {
    return this.sent.map(({ to }) => to);
  }
}
