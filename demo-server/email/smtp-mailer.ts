import type { ConnectionOptions } from 'node:tls';
import { createTransport } from 'nodemailer';
import { compose, type Sender } from './compose.ts';
import type { Delivery, Mail, Mailer } from './mailer.ts';

export type SmtpOptions = Sender & {
  readonly url: URL;
  /** Whether the connection must be encrypted; a mail server on this machine may do without. */
  readonly isEncrypted: boolean;
  /** Hears of every mail that did not go out. */
  readonly report: (trouble: Trouble) => void;
  /** How long one mail may take, waiting for a free connection included, in milliseconds. */
  readonly patience?: number;
  readonly tls?: ConnectionOptions;
};

/** Why a mail did not go out: codes alone, for what a mail server says may hold the address. */
export type Trouble = {
  readonly delivery: Exclude<Delivery, 'accepted'>;
  /** The mailer's own word, such as ECONNECTION. */
  readonly code: string;
  /** The step at which it happened, such as RCPT TO. */
  readonly step?: string;
  /** What the mail server answered, such as 550 5.1.1. */
  readonly reply?: string;
};

/**
 * Long enough for a mail server that looks at a mail before it takes it, and shorter than the minute for which a mail
 * is its sender's alone: nobody begins it anew while we still try.
 */
const usualPatience = 40_000;

/** Hands mails to a mail server, over a few connections that are kept. */
export class SmtpMailer implements Mailer {
  readonly #sender: Sender;
  readonly #patience: number;
  readonly #report: (trouble: Trouble) => void;
  readonly #transport: ReturnType<typeof poolFor>;
  readonly #underway = new Set<Promise<Delivery>>();

  constructor({ from, portalUrl, report, patience = usualPatience, ...server }: SmtpOptions) {
    this.#sender = { from, portalUrl };
    this.#patience = patience;
    this.#report = report;
    this.#transport = poolFor({ ...server, patience });
  }

  send(mail: Mail): Promise<Delivery> {
    const sending = this.#send(mail).finally(() => this.#underway.delete(sending));
    this.#underway.add(sending);
    return sending;
  }

  async close(): Promise<void> {
    await Promise.all(this.#underway);
    this.#transport.close();
  }

  async #send(mail: Mail): Promise<Delivery> {
    const controller = new AbortController();
    const giveUp = setTimeout(() => controller.abort(), this.#patience);
    try {
      const message = compose(mail, this.#sender);
      if (message === undefined) return this.#say({ delivery: 'refused', code: 'ADDRESS' });
      // A server that trickles its replies is never silent, so it is the whole that is timed.
      await this.#transport.sendMail({ ...message, signal: controller.signal });
      return 'accepted';
    } catch (error) {
      return this.#say(troubleOf(error));
    } finally {
      clearTimeout(giveUp);
    }
  }

  #say(trouble: Trouble): Delivery {
    this.#report(trouble);
    return trouble.delivery;
  }
}

type Server = Pick<SmtpOptions, 'url' | 'isEncrypted' | 'tls'> & { readonly patience: number };

function poolFor({ url, isEncrypted, tls, patience }: Server) {
  const user = decodeURIComponent(url.username);
  const secure = url.protocol === 'smtps:';
  return createTransport({
    pool: true,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    // On this machine a mail server's certificate is rarely one that anybody vouches for.
    ...(isEncrypted ? { requireTLS: true } : { ignoreTLS: true }),
    ...(user !== '' && { auth: { user, pass: decodeURIComponent(url.password) } }),
    ...(tls && { tls }),
    // A kept connection that the server has ended meanwhile is no trouble: once more, on a new one.
    maxRequeues: 1,
    dnsTimeout: patience,
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    logger: false,
  });
}

function troubleOf(error: unknown): Trouble {
  const { code, command, response } = (error ?? {}) as Readonly<Record<string, unknown>>;
  const [reply] =
    /^[45]\d\d(?:[ -][45]\.\d{1,3}\.\d{1,3})?/.exec(typeof response === 'string' ? response : '') ?? [];
  const step = typeof command === 'string' && isStep(command) ? command : undefined;
  return {
    delivery: isForGood(step, reply) ? 'refused' : 'deferred',
    code: typeof code === 'string' && /^[A-Z\d_]+$/.test(code) ? code : 'UNKNOWN',
    ...(step !== undefined && { step }),
    ...(reply !== undefined && { reply: reply.replace('-', ' ') }),
  };
}

function isStep(command: string): boolean {
  return /^(API|CONN|EHLO|HELO|STARTTLS|AUTH [A-Z\d-]+|MAIL FROM|RCPT TO|DATA|RSET)$/.test(command);
}

/**
 * Whether the server will never take a mail to this address. Only what it says of the recipient or of the mail
 * itself counts. What it says of us, our password, our sender or how we speak (5.1.7, 5.1.8, 5.3.x, 5.5.x, 5.7.x, or
 * a plain 50x, 530 and the like) is ours to put right, and would turn everybody's mails into failures at once.
 */
function isForGood(step: string | undefined, reply: string | undefined): boolean {
  if ((step !== 'RCPT TO' && step !== 'DATA') || reply === undefined) return false;
  const [basic, enhanced] = reply.split(/[ -]/);
  if (enhanced !== undefined) return /^5\.([0246]\.|1\.(?![78]$))/.test(enhanced);
  return /^5(21|5[0-46])$/.test(basic ?? '');
}
