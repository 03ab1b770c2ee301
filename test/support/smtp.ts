import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { certificate } from './certificate.ts';

/** What a mail server may be told to do at a step, instead of what is usual: to say no, to say nothing, to hang up. */
export type Mood = { readonly code: number; readonly says: string } | 'hang' | 'drop';

export type Step = 'connection' | 'sender' | 'recipient' | 'mail';

export type ReceivedMail = {
  readonly from: string;
  readonly to: readonly string[];
  readonly bytes: Buffer;
  readonly isEncrypted: boolean;
  /** Who logged in, if anybody had to. */
  readonly user: string | undefined;
};

export type SmtpServerOptions = {
  readonly port?: number;
  /** Encrypted from the start, when asked, or never. */
  readonly tls?: 'at once' | 'when asked' | 'never';
  /** Who must log in, and how. */
  readonly login?: { readonly user: string; readonly password: string };
};

/** A mail server that takes every mail, but for the moods it is put in. */
export class TestSmtpServer {
  readonly received: ReceivedMail[] = [];
  /** How it behaves at a step, by the recipient where there is one; changed at any time. */
  moodAt: (step: Step, to: string) => Mood | undefined = () => undefined;
  /** How many connections it has been asked for. */
  connections = 0;
  readonly #tls: NonNullable<SmtpServerOptions['tls']>;
  readonly #server: SMTPServer;
  readonly #sockets = new Set<Socket>();

  private constructor({ tls = 'never', login }: SmtpServerOptions) {
    this.#tls = tls;
    this.#server = new SMTPServer({
      ...certificate,
      secure: tls === 'at once',
      disabledCommands: tls === 'when asked' ? [] : ['STARTTLS'],
      authOptional: login === undefined,
      disableReverseLookup: true,
      logger: false,
      onAuth: ({ username, password }, _session, give) => {
        if (username === login?.user && password === login?.password) give(null, { user: username });
        else give(refusalOf({ code: 535, says: '5.7.8 Wrong password' }));
      },
      onConnect: (_session, give) => this.#answer('connection', '', give),
      onMailFrom: (_address, _session, give) => this.#answer('sender', '', give),
      onRcptTo: ({ address }, _session, give) => this.#answer('recipient', address, give),
      onData: (stream, session, give) => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        const chunks: Buffer[] = [];
        // Whoever hangs up does so with the first bytes, not with the last.
        if (this.moodAt('mail', to[0]!) === 'drop') return void this.dropAll();
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          this.#answer('mail', to[0]!, (error) => {
            if (error) return give(error);
            this.received.push({
              from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
              to,
              bytes: Buffer.concat(chunks),
              isEncrypted: session.secure,
              user: session.user as string | undefined,
            });
            give();
          });
        });
      },
    });
    // What a client does that hangs up, or does not trust us, is seen by the test at the client.
    this.#server.on('error', () => undefined);
    this.#server.server.on('connection', (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(
    t: Pick<TestContext, 'after'>,
    options: SmtpServerOptions = {},
  ): Promise<TestSmtpServer> {
    const server = new TestSmtpServer(options);
    server.#server.listen(options.port ?? 0, '127.0.0.1');
    await once(server.#server.server, 'listening');
    t.after(() => server.stop());
    return server;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  get url(): URL {
    return new URL(`${this.#tls === 'at once' ? 'smtps' : 'smtp'}://localhost:${this.port}`);
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Every mail it has, as a mail program reads it. */
  read(): Promise<Email[]> {
    return Promise.all(this.received.map(({ bytes }) => PostalMime.parse(bytes)));
  }

  /** Hangs up on everybody. */
  dropAll(): void {
    // A socket that is torn away under TLS in the middle of a handshake takes the whole process with it.
    if (this.#tls === 'never') for (const socket of this.#sockets) socket.destroy();
    else for (const connection of this.#server.connections) connection.close();
  }

  async stop(): Promise<void> {
    if (!this.#server.server.listening) return;
    const closed = new Promise<void>((resolve) => void this.#server.server.close(() => resolve()));
    this.dropAll();
    await closed;
  }

  #answer(step: Step, to: string, give: (error?: Error | null) => void): void {
    const mood = this.moodAt(step, to);
    if (mood === 'hang') return;
    if (mood === 'drop') return this.dropAll();
    give(mood && refusalOf(mood));
  }
}

function refusalOf({ code, says }: Exclude<Mood, string>): Error {
  return Object.assign(new Error(says), { responseCode: code });
}
