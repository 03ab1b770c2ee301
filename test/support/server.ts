import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext } from 'node:test';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { pino } from 'pino';
import type { Config } from '../../demo-server/config.ts';
import type { Mailer } from '../../demo-server/email/mailer.ts';
import { type Patience, type RunningServer, startServer as start } from '../../demo-server/server.ts';
import type { Scanner } from '../../demo-server/scan/scanner.ts';
import { guidance } from '../../demo-server/services/guidance.ts';
import type { Inspector } from '../../demo-server/services/uploads.ts';
import type { Blobs } from '../../demo-server/storage/blobs.ts';
import type { Engine as Database } from '../../demo-server/storage/engine.ts';
import type { Message } from '../../protocol/message.ts';
import type { RelationshipStatus } from '../../protocol/relationship.ts';
import type { Thread } from '../../protocol/thread.ts';
import { aClient, aDraft, anId, aProvider } from './builders.ts';
import { Clock } from './clock.ts';
import { standInInspector } from './inspect.ts';
import { openStream, type TestStream } from './event-stream.ts';
import { type Postgres, usePostgres } from './postgres.ts';

export const engines = ['SQLite', 'PostgreSQL'] as const;
export type Engine = (typeof engines)[number];

export const origin = 'https://portal.example';

export type StartOptions = {
  readonly clock?: Clock;
  readonly config?: Partial<Config>;
  readonly patience?: Partial<Patience>;
  /** A place for files that the test keeps its hands on. */
  readonly blobs?: Blobs;
  readonly scanner?: Scanner;
  /** Another one than the stand-in. */
  readonly inspector?: Inspector;
  readonly mailer?: Mailer;
  /** A database that the test keeps its hands on. */
  readonly open?: (config: Config) => Database;
  /** Another server on the same database and with the same secrets. */
  readonly beside?: TestServer;
};

/** Starts a server for one test, over a database of its own. */
export type Start = (t: Pick<TestContext, 'after'>, options?: StartOptions) => Promise<TestServer>;

/** The same suite on both databases. */
export function onEachEngine(name: string, suite: (startServer: Start, engine: Engine) => void): void {
  describe(`${name} (SQLite)`, () => {
    suite((t, options) => startServer(t, undefined, options), 'SQLite');
  });
  describe(`${name} (PostgreSQL)`, () => {
    let postgres: Postgres;
    before(async () => {
      postgres = await usePostgres();
    });
    after(() => postgres.stop());
    suite((t, options) => startServer(t, postgres, options), 'PostgreSQL');
  });
}

export async function startServer(
  t: Pick<TestContext, 'after'>,
  postgres: Postgres | undefined,
  {
    clock = new Clock(),
    config: changes = {},
    patience = {},
    mailer,
    open,
    beside,
    ...files
  }: StartOptions = {},
): Promise<TestServer> {
  const config = beside?.config ?? {
    ...(await makeConfig(t, undefined)),
    // Its tables are there already; the tests of a first start have an empty one made.
    databaseUrl: await postgres?.makeWithTables(),
    ...changes,
  };
  const logged: string[] = [];
  const log = pino({ base: null }, { write: (line) => void logged.push(line) });
  const running = await start(config, {
    log,
    now: clock.now,
    patience,
    inspector: standInInspector,
    ...files,
    ...(mailer && { mailer }),
    ...(open && { engine: open(config) }),
  });
  const server = new TestServer(running, config, clock, logged);
  t.after(() => server.stop());
  return server;
}

/** A configuration that is fine, over an empty database. */
export async function makeConfig(
  t: Pick<TestContext, 'after'>,
  postgres: Postgres | undefined,
): Promise<Config> {
  const dataDir = await mkdtemp(join(tmpdir(), 'grow-test-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  return {
    host: '127.0.0.1',
    port: 0,
    dataDir,
    databaseUrl: await postgres?.makeDatabase(),
    bucket: undefined,
    clamd: undefined,
    signer: { secret: randomBytes(32).toString('hex') },
    issuer: undefined,
    serviceKey: randomBytes(32).toString('hex'),
    encryptionKeys: [randomBytes(32)],
    allowedOrigins: [origin],
    trustedProxy: undefined,
    ratePerMinute: 0,
    emailQuietSeconds: 300,
    guidance,
    smtpUrl: undefined,
    emailFrom: undefined,
    portalUrl: undefined,
  };
}

/** A claim that is undefined is left out. */
export type Claims = { readonly [Name in keyof JWTPayload]: JWTPayload[Name] | undefined } & {
  readonly header?: Partial<JWTHeaderParameters>;
};

/** A running server, and the people who call it. */
export class TestServer {
  readonly config: Config;
  readonly clock: Clock;
  readonly storage: RunningServer['storage'];
  /** What it logged, line by line. */
  readonly logged: readonly string[];
  readonly url: string;
  readonly portal: Caller;
  readonly #running: RunningServer;
  #stopped: Promise<void> | undefined;

  constructor(running: RunningServer, config: Config, clock: Clock, logged: readonly string[]) {
    this.#running = running;
    this.config = config;
    this.clock = clock;
    this.storage = running.storage;
    this.logged = logged;
    this.url = running.url;
    this.portal = new Caller(this.url, () => Promise.resolve(config.serviceKey));
  }

  /** Somebody with a session. */
  as(personId: string, claims: Claims = {}): Caller {
    return new Caller(this.url, () => this.sign({ sub: personId, ...claims }));
  }

  /** Somebody who shows this. */
  showing(token: string): Caller {
    return new Caller(this.url, () => Promise.resolve(token));
  }

  nobody(): Caller {
    return new Caller(this.url);
  }

  /** A token that is fine, but for what is said otherwise. */
  async sign({ header = {}, ...claims }: Claims): Promise<string> {
    const { signer } = this.config;
    if (!('secret' in signer)) throw new Error('This server knows keys, not a secret.');
    const iat = Math.floor(this.clock.now() / 1_000);
    return new SignJWT({ aud: 'grow-messages', iat, exp: iat + 600, ...claims } as JWTPayload)
      .setProtectedHeader({ alg: 'HS256', ...header })
      .sign(Buffer.from(signer.secret));
  }

  /** Where it keeps files. */
  get files(): Blobs {
    return this.#running.blobs;
  }

  /** The names of all that lies there. */
  async blobs(): Promise<readonly string[]> {
    return [...(await this.files.list('files/')), ...(await this.files.list('uploads/'))];
  }

  /** Has it see to all emails that are due by now, and waits for what comes of them. */
  async sendEmails(): Promise<void> {
    await this.#running.emails?.look();
    await this.#running.emails?.idle();
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.#running.stop());
  }
}

/** Somebody who calls a server over HTTP. */
export class Caller {
  readonly #url: string;
  readonly #token: (() => Promise<string>) | undefined;

  constructor(url: string, token?: () => Promise<string>) {
    this.#url = url;
    this.#token = token;
  }

  get(path: string, headers?: Record<string, string>): Promise<Response> {
    return this.ask('GET', path, undefined, headers);
  }

  put(path: string, body?: unknown): Promise<Response> {
    return this.ask('PUT', path, body);
  }

  post(path: string, body?: unknown): Promise<Response> {
    return this.ask('POST', path, body);
  }

  delete(path: string): Promise<Response> {
    return this.ask('DELETE', path);
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(`${this.#url}${path}`, {
      method,
      headers: {
        ...(this.#token && { Authorization: `Bearer ${await this.#token()}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  /** A request as tus has them: its headers, and bytes for a body. */
  async tus(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    bytes?: Uint8Array,
    signal?: AbortSignal,
  ): Promise<Response> {
    return fetch(`${this.#url}${path}`, {
      ...(signal && { signal }),
      method,
      headers: {
        ...(this.#token && { Authorization: `Bearer ${await this.#token()}` }),
        'Tus-Resumable': '1.0.0',
        ...(bytes !== undefined && { 'Content-Type': 'application/offset+octet-stream' }),
        ...headers,
      },
      ...(bytes !== undefined && { body: bytes as Uint8Array<ArrayBuffer> }),
    });
  }

  /** Begins an upload, and sends as much of it as there is. */
  beginUpload(
    { name = 'form.pdf', size, sha256 }: { name?: string; size: number; sha256?: string },
    bytes?: Uint8Array,
  ): Promise<Response> {
    const metadata = { filename: name, filetype: 'application/pdf', ...(sha256 !== undefined && { sha256 }) };
    const headers = { 'Upload-Length': String(size), 'Upload-Metadata': metadataOf(metadata) };
    return this.tus('POST', '/v1/uploads', headers, bytes);
  }

  /** Uploads a whole file, and gives back its id. */
  async upload(bytes: Uint8Array, name?: string): Promise<string> {
    const response = await this.beginUpload(
      { ...(name !== undefined && { name }), size: bytes.length },
      bytes,
    );
    if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
    return uploadIdIn(response);
  }

  /** Sends what comes after so many bytes. */
  append(id: string, offset: number, bytes: Uint8Array, signal?: AbortSignal): Promise<Response> {
    return this.tus('PATCH', `/v1/uploads/${id}`, { 'Upload-Offset': String(offset) }, bytes, signal);
  }

  /** How far an upload has come. */
  async offsetOf(id: string): Promise<number> {
    const response = await this.tus('HEAD', `/v1/uploads/${id}`);
    if (!response.ok) throw new Error(String(response.status));
    return Number(response.headers.get('upload-offset'));
  }

  /** Sends a message with files. */
  sendFiles(threadId: string, attachments: readonly string[], text = '', id = anId()): Promise<Response> {
    return this.put(`/v1/threads/${threadId}/messages/${id}`, { text, attachments });
  }

  /** The live stream, from after `lastEventId` on. */
  async listen(t: Pick<TestContext, 'after'>, lastEventId?: string): Promise<TestStream> {
    const headers = {
      Authorization: `Bearer ${(await this.#token?.()) ?? ''}`,
      ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
    };
    const stream = await openStream(`${this.#url}/v1/events`, headers);
    t.after(() => stream.close());
    return stream;
  }

  send(threadId: string, text?: string, id: string = anId()): Promise<Response> {
    return this.put(`/v1/threads/${threadId}/messages/${id}`, aDraft(text));
  }

  async thread(threadId: string): Promise<Thread> {
    return json(await this.get(`/v1/threads/${threadId}`));
  }

  async messages(threadId: string, query = ''): Promise<readonly Message[]> {
    const { messages } = await json<{ messages: readonly Message[] }>(
      await this.get(`/v1/threads/${threadId}/messages${query}`),
    );
    return messages;
  }

  /** Opens the thread with somebody and gives back its id. */
  async open(personId: string): Promise<string> {
    return (await json<Thread>(await this.post('/v1/threads', { personId }))).id;
  }
}

export function metadataOf(metadata: Readonly<Record<string, string>>): string {
  return Object.entries(metadata)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');
}

/** The id of the upload that was begun. */
export function uploadIdIn(response: Response): string {
  const [, id] = /^\/v1\/uploads\/([0-9a-f-]{36})$/.exec(response.headers.get('location') ?? '') ?? [];
  if (id === undefined) throw new Error(`No upload was begun: ${response.status}.`);
  return id;
}

/** The body of an answer that must be a good one. */
export async function json<Body>(response: Response): Promise<Body> {
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}

/** What somebody was told who was refused: status and code. */
export async function refusal(response: Response): Promise<string> {
  const type = response.headers.get('content-type') ?? '';
  const body = await response.text();
  // As it is where a HEAD was asked.
  if (body === '') return String(response.status);
  if (!type.startsWith('application/problem+json')) return `${response.status} ${body}`;
  const { status, code } = JSON.parse(body) as { status: number; code: string };
  return `${response.status}${status === response.status ? '' : ` (says ${status})`} ${code}`;
}

/** People in every relationship there is: the demo's clinic, without its words. */
export async function fillClinic({ portal }: { readonly portal: Caller }): Promise<void> {
  const put = async (path: string, body: unknown) => json(await portal.put(`/v1/directory/${path}`, body));
  await Promise.all([
    put('people/ana', aClient()),
    put('people/ben', aClient({ displayName: 'Ben Carter', email: 'ben@clinic.example' })),
    put('people/dr-lee', aProvider()),
    put('people/dr-okafor', aProvider({ displayName: 'Dr. Chidi Okafor' })),
    put('people/dr-haddad', aProvider({ displayName: 'Dr. Leila Haddad' })),
    put('people/dr-novak', aProvider({ displayName: 'Dr. Petra Novak' })),
  ]);
  const relate = (clientId: string, providerId: string, status: RelationshipStatus) =>
    put(`relationships/${clientId}/${providerId}`, { status });
  await Promise.all([
    relate('ana', 'dr-lee', 'current'),
    relate('ana', 'dr-okafor', 'former'),
    relate('ana', 'dr-haddad', 'current'),
    relate('ben', 'dr-lee', 'current'),
  ]);
}
