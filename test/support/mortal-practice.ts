import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { SignJWT } from 'jose';
import type { Config } from '../../demo-server/config.ts';
import type { CacheKey } from '../../protocol/cache-key.ts';
import type { Message } from '../../protocol/message.ts';
import type { Thread } from '../../protocol/thread.ts';
import { aClient, anId, aProvider } from './builders.ts';
import { type OneFile, serverInOneFile } from './one-file.ts';
import { environmentOf, ServerProcess } from './process.ts';
import { Caller, json, makeConfig } from './server.ts';

type Cleanup = Pick<TestContext, 'after'>;

const root = join(import.meta.dirname, '..', '..');
const dist = join(root, 'dist', 'esm');
const page = (apiUrl: string, tab: string) => `<!doctype html>
<html lang="en">
  <title>Portal</title>
  <script type="module" src="/grow-messages/grow-messages.js"></script>
  <grow-messages api-url="${apiUrl}" token-url="/token?tab=${tab}"></grow-messages>
</html>`;

/** Who stands behind a portal's cookie, and since when their tokens count. */
type Visit = { personId: string | undefined; countsFrom: number };

/**
 * A practice as it is in life: a server in a process of its own, which may be killed and comes back to the same
 * place, and a portal on another origin, whose cookie says who is signed in. Many visitors at once, each with a
 * cookie of their own.
 */
export class MortalPractice {
  readonly portalUrl: string;
  readonly #config: Config;
  readonly #program: OneFile;
  readonly #visits: Map<string, Visit>;
  readonly #environment: Readonly<Record<string, string>>;
  #child: ServerProcess;
  #starting: Promise<unknown>;
  #killing: Promise<void> | undefined;
  apiUrl = '';
  kills = 0;
  /** Those that the portal gave to browsers. */
  readonly tokens: string[] = [];
  /** Whose token each tab was given last, by the visit and the tab. */
  readonly #givenTo = new Map<string, string>();

  private constructor(config: Config, program: OneFile, portalUrl: string, visits: Map<string, Visit>) {
    this.#config = config;
    this.#program = program;
    this.#visits = visits;
    this.portalUrl = portalUrl;
    this.#environment = {
      ...environmentOf(config),
      ALLOWED_ORIGINS: portalUrl,
      ...program.env,
    };
    this.#child = this.#spawn();
    this.#starting = this.#child.listening();
  }

  static async open(t: Cleanup): Promise<MortalPractice> {
    const visits = new Map<string, Visit>();
    const portal = createServer((req, res) => void practice.#answer(req, res));
    await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve));
    t.after(() => portal.close().closeAllConnections());
    const { port } = portal.address() as AddressInfo;
    const config = await makeConfig(t, undefined);
    const practice = new MortalPractice(config, await serverInOneFile(), `http://127.0.0.1:${port}`, visits);
    t.after(() => practice.#child.kill('SIGKILL'));
    practice.apiUrl = await practice.#child.listening();
    const put = (id: string, name: string) =>
      practice.put(`people/${id}`, aProvider({ displayName: name, email: `${id}@clinic.example` }));
    await Promise.all([put('dr-lee', 'Dr. Maya Lee'), put('dr-okafor', 'Dr. Chidi Okafor')]);
    return practice;
  }

  /** Ends the server in the middle of whatever it does. It comes back by itself. */
  kill(): Promise<void> {
    this.#killing ??= this.#kill().finally(() => (this.#killing = undefined));
    return this.#killing;
  }

  async #kill(): Promise<void> {
    await this.#starting;
    this.kills += 1;
    this.#child.kill('SIGKILL');
    await this.#child.ended;
    this.#starting = this.#comeBack();
    // Whoever needs it waits for it, and hears of a failure.
    this.#starting.catch(() => undefined);
  }

  /** Others on this machine may hold the port for a moment. */
  async #comeBack(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.#child = this.#spawn();
      try {
        await this.#child.listening();
        return;
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  }

  /** A client of two providers, and the threads with them. */
  async takeIn(
    id: string,
    displayName: string,
    providers: readonly [string, string] = ['dr-lee', 'dr-okafor'],
  ): Promise<readonly [string, string]> {
    await this.put(`people/${id}`, aClient({ displayName, email: `${id}@clinic.example` }));
    const open = async (personId: string) => {
      await this.put(`relationships/${id}/${personId}`, { status: 'current' });
      return (await this.#json<Thread>((caller) => caller.post('/v1/threads', { personId }), id)).id;
    };
    return [await open(providers[0]), await open(providers[1])];
  }

  async put(path: string, body: unknown): Promise<void> {
    await this.#insist(async (url) =>
      json(
        await new Caller(url, () => Promise.resolve(this.#config.serviceKey)).put(
          `/v1/directory/${path}`,
          body,
        ),
      ),
    );
  }

  /** Somebody writes, from wherever they are. Resolves once the server has it. */
  async say(personId: string, threadId: string, text: string): Promise<void> {
    const id = anId();
    await this.#json((caller) => caller.put(`/v1/threads/${threadId}/messages/${id}`, { text }), personId);
  }

  /** All that was said in a thread. */
  async messages(personId: string, threadId: string): Promise<readonly Message[]> {
    const { messages } = await this.#json<{ messages: readonly Message[] }>(
      (caller) => caller.get(`/v1/threads/${threadId}/messages?limit=200`),
      personId,
    );
    return messages;
  }

  async unread(personId: string): Promise<number> {
    return (await this.#json<{ unread: number }>((caller) => caller.get('/v1/threads'), personId)).unread;
  }

  /** The address of the portal in one of a browser's tabs. */
  addressIn(tab: number): string {
    return `${this.portalUrl}/?tab=${tab}`;
  }

  /** Whose token a tab was given last, since it was forgotten. */
  tokenIn(visit: string, tab: number): string | undefined {
    return this.#givenTo.get(`${visit} ${tab}`);
  }

  forgetTokenIn(visit: string, tab: number): void {
    this.#givenTo.delete(`${visit} ${tab}`);
  }

  /** The portal's cookie stands for this person from now on, or for nobody. */
  signIn(visit: string, personId: string | undefined): void {
    this.#visits.set(visit, { countsFrom: 0, ...this.#visits.get(visit), personId });
  }

  /** No token that somebody has counts any more. */
  async endSessions(visit: string, personId: string): Promise<void> {
    const known = this.#visits.get(visit);
    // Tokens count in whole seconds, and those of a second that has just begun may have been given out already.
    while (Date.now() < (known?.countsFrom ?? 0) * 1_000)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await this.#insist(async (url) => {
      const portal = new Caller(url, () => Promise.resolve(this.#config.serviceKey));
      const response = await portal.delete(`/v1/directory/people/${personId}/sessions`);
      if (!response.ok) throw new Error(String(response.status));
    });
    if (known) known.countsFrom = Math.floor(Date.now() / 1_000) + 1;
  }

  /** The key that the server made for somebody's device. */
  async keyOf(personId: string, deviceId: string): Promise<string> {
    const path = `/v1/devices/${deviceId}/cache-key`;
    return (await this.#json<CacheKey>((caller) => caller.put(path), personId)).key;
  }

  async #json<Body>(ask: (caller: Caller) => Promise<Response>, personId: string): Promise<Body> {
    return this.#insist(async (url) =>
      json<Body>(await ask(new Caller(url, () => this.#sign(personId, 59)))),
    );
  }

  /** Until the server has answered, which is killed now and then. What is asked may be asked twice. */
  async #insist<Answer>(ask: (url: string) => Promise<Answer>): Promise<Answer> {
    for (const end = Date.now() + 60_000; ;) {
      await this.#killing;
      await this.#starting;
      try {
        return await ask(this.apiUrl);
      } catch (error) {
        // That is what fetch says where nobody answers.
        if (!(error instanceof TypeError) || Date.now() > end) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  #spawn(): ServerProcess {
    const port = this.apiUrl === '' ? '0' : new URL(this.apiUrl).port;
    return new ServerProcess({ after: () => undefined }, this.#program.path, {
      ...this.#environment,
      PORT: port,
    });
  }

  #sign(personId: string, ahead = 0): Promise<string> {
    const { signer } = this.#config;
    if (!('secret' in signer)) throw new Error('This practice has keys, not a secret.');
    const iat = Math.floor(Date.now() / 1_000) + ahead;
    return new SignJWT({ sub: personId, aud: 'grow-messages', iat, exp: iat + 600 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(signer.secret));
  }

  /** What the portal says to a browser. */
  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(req.url ?? '/', this.portalUrl);
    const tab = searchParams.get('tab') ?? '';
    const as = (type: string) => res.setHeader('Content-Type', type).setHeader('Cache-Control', 'no-cache');
    if (pathname === '/') return void as('text/html').end(page(this.apiUrl, tab));
    if (pathname === '/token') {
      const cookie = /visit=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1] ?? '';
      const visit = this.#visits.get(cookie);
      if (visit?.personId === undefined) return void res.writeHead(401).end();
      visit.countsFrom = Math.max(visit.countsFrom, Math.floor(Date.now() / 1_000));
      const token = await this.#sign(visit.personId, visit.countsFrom - Math.floor(Date.now() / 1_000));
      this.tokens.push(token);
      this.#givenTo.set(`${cookie} ${tab}`, visit.personId);
      return void as('application/json')
        .setHeader('Cache-Control', 'no-store')
        .end(JSON.stringify({ token }));
    }
    const file = pathname.startsWith('/grow-messages/') ? pathname.slice('/grow-messages/'.length) : '';
    const folder = file.startsWith('chunks/') ? 'chunks' : '';
    const code = await readFile(join(dist, folder, basename(file))).catch(() => undefined);
    if (code === undefined) return void res.writeHead(404).end();
    as('text/javascript').end(code);
  }
}
