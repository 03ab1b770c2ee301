import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import type { Message } from '../../protocol/message.ts';
import { aClient, anId, aProvider } from './builders.ts';
import { Caller, json } from './server.ts';

export type SoakOptions = {
  readonly databaseUrl: string;
  readonly bursts: number;
  /** How many threads write at the same time. */
  readonly threads: number;
  /** How long, in milliseconds, from one kill to the next. */
  readonly killEvery: number;
};

export type SoakResult = {
  readonly messages: number;
  readonly mails: number;
  /** Mails that came a second time, each after the process that had sent it was killed. */
  readonly extras: number;
  readonly kills: number;
};

type Taken = { readonly id: string; readonly threadId: string; readonly name: string; readonly at: number };

const processes = 3;
const quietSeconds = 1;

/**
 * Three server processes on one database, killed in turns in the middle of whatever they do, and bursts of three
 * messages to somebody who is not there. Throws where a mail is missing, or came again without one having died.
 */
export async function soakEmails({
  databaseUrl,
  bursts,
  threads,
  killEvery,
}: SoakOptions): Promise<SoakResult> {
  const taken: Taken[] = [];
  const killedAt = new Map<string, number>();
  const collector = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (part: string) => (body += part));
    req.on('end', () => {
      taken.push({ ...(JSON.parse(body) as Taken), at: Date.now() });
      res.end();
    });
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const secret = randomBytes(32).toString('hex');
  const serviceKey = randomBytes(32).toString('hex');
  const env = {
    PATH: process.env.PATH ?? '',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    SESSION_SECRET: secret,
    SERVICE_KEY: serviceKey,
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    RATE_LIMIT_PER_MINUTE: '0',
    EMAIL_QUIET_SECONDS: String(quietSeconds),
    MAIL_COLLECTOR: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`,
  };
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (personId: string) => {
    const token =
      tokens.get(personId) ??
      new SignJWT({ sub: personId, aud: 'grow-messages' })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuedAt()
        .setExpirationTime('55m')
        .sign(Buffer.from(secret));
    tokens.set(personId, token);
    return token;
  };

  const running: { name: string; child: ChildProcess; url: string }[] = [];
  let started = 0;
  const start = async () => {
    const name = `process-${++started}`;
    const child = spawn(process.execPath, [fileURLToPath(new URL('email-process.ts', import.meta.url))], {
      env: { ...env, PROCESS_NAME: name },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    for await (const part of child.stdout.setEncoding('utf8')) {
      output += part;
      const [, url] = /Listening on (\S+)/.exec(output) ?? [];
      if (url !== undefined) {
        running.push({ name, child, url });
        return;
      }
    }
    throw new Error('A process did not start.');
  };
  const kill = ({ name, child }: (typeof running)[number]) => {
    running.splice(
      running.findIndex((one) => one.child === child),
      1,
    );
    killedAt.set(name, Date.now());
    child.kill('SIGKILL');
  };
  /** Asks whoever is there, until somebody answers. */
  const ask = async <Body>(
    personId: string | undefined,
    how: (caller: Caller) => Promise<Response>,
  ): Promise<Body> => {
    for (;;) {
      const one = running[Math.floor(Math.random() * running.length)];
      const token = () => (personId === undefined ? Promise.resolve(serviceKey) : tokenOf(personId));
      try {
        if (one !== undefined) return await json<Body>(await how(new Caller(one.url, token)));
      } catch (error) {
        if (error instanceof Error && /^4/.test(error.message)) throw error;
      }
      await sleep(20);
    }
  };

  try {
    await Promise.all(Array.from({ length: processes }, start));
    await ask(undefined, (portal) => portal.put('/v1/directory/people/provider', aProvider()));
    const threadIds: string[] = [];
    for (let index = 0; index < threads; index++) {
      const clientId = `client-${index}`;
      await ask(undefined, (portal) => portal.put(`/v1/directory/people/${clientId}`, aClient()));
      await ask(undefined, (portal) =>
        portal.put(`/v1/directory/relationships/${clientId}/provider`, { status: 'current' }),
      );
      const thread = await ask<{ id: string }>(clientId, (client) =>
        client.post('/v1/threads', { personId: 'provider' }),
      );
      threadIds.push(thread.id);
    }

    let left = bursts;
    let isOver = false;
    const write = async (threadId: string, index: number) => {
      while (left-- > 0) {
        for (let count = 0; count < 3; count++) {
          const id = anId();
          await ask(`client-${index}`, (client) => client.send(threadId, 'Words', id));
          await sleep(Math.random() * 150);
        }
        await sleep(quietSeconds * 1_000 * (0.5 + Math.random()));
      }
    };
    const killing = (async () => {
      while (!isOver) {
        await sleep(killEvery * (0.5 + Math.random()));
        const victim = running[Math.floor(Math.random() * running.length)];
        if (isOver || victim === undefined) continue;
        kill(victim);
        await start();
      }
    })();
    await Promise.all(threadIds.map(write));
    isOver = true;
    await killing;

    let messages = 0;
    let ranges = 0;
    for (const [index, threadId] of threadIds.entries()) {
      const seen = await settled(index, threadId);
      messages += seen.length;
      for (const { notification } of seen) assert.equal(notification?.state, 'emailed');
      // Those of one mail were settled in one moment.
      ranges += new Set(seen.map(({ notification }) => notification?.at)).size;
    }
    const firsts = new Map<string, Taken>();
    let extras = 0;
    for (const mail of taken) {
      const first = firsts.get(mail.id);
      firsts.set(mail.id, mail);
      if (first === undefined) continue;
      extras++;
      const diedAt = killedAt.get(first.name) ?? Infinity;
      assert.ok(diedAt <= mail.at, `a mail came again after ${mail.at - first.at} ms though nobody had died`);
    }
    assert.equal(firsts.size, ranges, 'as many mails as were recorded');
    // A process that is killed may have had one between the mail server's yes and our record of it.
    assert.ok(extras <= killedAt.size, `${extras} mails came again, of ${killedAt.size} kills`);
    for (const threadId of threadIds) {
      const mails = [...firsts.values()].filter((mail) => mail.threadId === threadId);
      for (const [index, { id }] of mails.entries()) {
        const next = mails[index + 1];
        if (next === undefined) break;
        const from = taken.findLast((mail) => mail.id === id)!.at;
        const to = taken.find((mail) => mail.id === next.id)!.at;
        assert.ok(to - from >= quietSeconds * 1_000, 'two mails too close to each other');
      }
    }
    return { messages, mails: firsts.size, extras, kills: killedAt.size };
  } finally {
    for (const one of [...running]) kill(one);
    collector.close();
    collector.closeAllConnections();
  }

  /** The messages of a thread, once it is known what became of each. */
  async function settled(index: number, threadId: string): Promise<readonly Message[]> {
    for (const end = Date.now() + 30_000; ;) {
      const seen: Message[] = [];
      for (let after = 0; ; after = seen.at(-1)!.seq) {
        const page = await ask<{ messages: Message[]; hasMore: boolean }>(`client-${index}`, (client) =>
          client.get(`/v1/threads/${threadId}/messages?after=${after}&limit=200`),
        );
        seen.push(...page.messages);
        if (!page.hasMore) break;
      }
      if (seen.every(({ notification }) => notification?.state !== 'due')) return seen;
      if (Date.now() > end) throw new Error('A message is forgotten.');
      await sleep(200);
    }
  }
}
