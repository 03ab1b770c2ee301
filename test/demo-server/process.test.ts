import assert from 'node:assert/strict';
import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Thread } from '../../protocol/thread.ts';
import { aDraft, anId } from '../support/builders.ts';
import { soakKills } from '../support/kill-soak.ts';
import { serverInOneFile } from '../support/one-file.ts';
import { openRawDatabase } from '../support/raw-database.ts';
import { environmentOf, ServerProcess } from '../support/process.ts';
import {
  Caller,
  fillClinic,
  json,
  makeConfig,
  onEachEngine,
  refusal,
  type Start,
} from '../support/server.ts';

onEachEngine('a server process', (startServer) => {
  // `npm run soak:kills` does the same a thousand times.
  it('loses no message it acknowledged, and doubles none, when it is killed in the middle of sends', async (t) => {
    const { messages, cut } = await soakKills(t, startServer, 4);
    assert.ok(messages >= 4 && cut >= 4, `${messages} messages, ${cut} cut`);
  });

  it('ends streams and finishes what it was asked before it stops', async (t) => {
    const { server, child, ana, threadId, begin } = await startChild(startServer, t);
    const stream = await ana.listen(t);
    const begun = await Promise.all(Array.from({ length: 8 }, begin));
    const sends = Promise.allSettled(Array.from({ length: 20 }, () => ana.send(threadId)));
    await stream.nextOf('message');
    child.kill('SIGTERM');
    await stream.ended;
    const finished = await Promise.all(begun.map(({ finish }) => finish()));
    const answers = await sends;
    assert.equal(await child.ended, 0, child.output);

    for (const answer of finished) assert.match(answer, /^HTTP\/1\.1 201 /);
    const acknowledged = answers.filter((answer) => answer.status === 'fulfilled' && answer.value.ok);
    assert.ok(acknowledged.length > 0);
    const after = await startServer(t, { beside: server });
    const { lastSeq } = await after.as('ana').thread(threadId);
    assert.ok(lastSeq >= finished.length + acknowledged.length);
  });

  it('does not wait for a connection that nobody has used', async (t) => {
    const { child, url, begin } = await startChild(startServer, t);
    const unused = connect(Number(new URL(url).port), '127.0.0.1');
    await once(unused, 'connect');
    const closed = once(unused, 'close');
    const { finish } = await begin();
    child.kill('SIGTERM');
    await closed;
    assert.match(await finish(), /^HTTP\/1\.1 201 /, 'whoever is in the middle of something is waited for');
    assert.equal(await child.ended, 0, child.output);
  });

  it('does not wait where it is told to stop a second time', async (t) => {
    const { server, child, ana, threadId, begin } = await startChild(startServer, t);
    const stream = await ana.listen(t);
    const { finish } = await begin();
    child.kill('SIGTERM');
    await stream.ended;
    child.kill('SIGTERM');
    assert.equal(await child.ended, 1, child.output);
    assert.equal(await finish(), '');
    const after = await startServer(t, { beside: server });
    assert.equal((await after.as('ana').thread(threadId)).lastSeq, 0);
  });

  it('checks the audit log by a command, which says where it breaks', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    await server.stop();
    const check = async () => {
      const child = new ServerProcess(t, 'audit-check.ts', environmentOf(server.config));
      return [await child.ended, child.output];
    };
    assert.deepEqual(await check(), [0, 'The audit log is sound: 10 rows.\n']);
    await openRawDatabase(server.config).run(`delete from audit where seq = 7`);
    assert.deepEqual(await check(), [1, 'The audit log is broken at row 7: the row is missing.\n']);
  });
});

/** A server in a process of its own, and Ana, who can call it. */
async function startChild(startServer: Start, t: TestContext) {
  const server = await startServer(t);
  await fillClinic(server);
  const threadId = await server.as('ana').open('dr-lee');
  const token = await server.sign({ sub: 'ana' });
  await server.stop();
  const { path, env } = await serverInOneFile();
  const child = new ServerProcess(t, path, { ...environmentOf(server.config), ...env });
  const url = await child.listening();
  const ana = new Caller(url, () => Promise.resolve(token));
  return { server, child, url, ana, threadId, begin: () => beginToSend(url, token, threadId) };
}

/** Sends no more than the head of a message, and waits until the server asks for the rest. */
async function beginToSend(url: string, token: string, threadId: string) {
  const body = JSON.stringify(aDraft());
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8');
  const closed = once(socket, 'close');
  socket.on('error', () => undefined);
  socket.write(
    `PUT /v1/threads/${threadId}/messages/${anId()} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
  );
  assert.match(String(await once(socket, 'data')), /^HTTP\/1\.1 100 /);
  let answer = '';
  socket.on('data', (text: string) => (answer += text));
  /** Sends the rest, and gives back what came until the connection was closed. */
  const finish = async () => {
    socket.write(body);
    await closed;
    return answer;
  };
  return { finish };
}

describe('the command', () => {
  it('says what is missing and does not start', async (t) => {
    const child = new ServerProcess(t, 'main.ts', {});
    assert.equal(await child.ended, 1);
    assert.match(child.output, /SESSION_SECRET[^]+SERVICE_KEY[^]+ENCRYPTION_KEY/);
    assert.doesNotMatch(child.output, /^ +at /m);
  });

  it('says which of the clinic’s own words it can not take, and does not start', async (t) => {
    const config = await makeConfig(t, undefined);
    const file = join(config.dataDir, 'guidance.json');
    await writeFile(file, '{"supportAfterHours":"48"}');
    const child = new ServerProcess(t, 'main.ts', { ...environmentOf(config), GUIDANCE_FILE: file });
    assert.equal(await child.ended, 1);
    assert.match(child.output, /^ {2}- GUIDANCE_FILE: supportAfterHours: .*expected number/m);
    assert.doesNotMatch(child.output, /^ +at /m);
  });

  it('says so in words when its port is taken', async (t) => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    t.after(() => taken.close());
    const config = await makeConfig(t, undefined);
    const port = String((taken.address() as AddressInfo).port);
    const child = new ServerProcess(t, 'main.ts', { ...environmentOf(config), PORT: port });
    assert.equal(await child.ended, 1);
    assert.match(child.output, /^Something else listens on this port already\. Set PORT to another one\.$/m);
  });

  it('says at the start that no mail is sent where it knows no mail server', async (t) => {
    const config = await makeConfig(t, undefined);
    const silent = new ServerProcess(t, 'main.ts', environmentOf(config));
    await silent.listening();
    assert.match(silent.output, /SMTP_URL is not set: no mail is sent/);
    silent.kill('SIGTERM');
    assert.equal(await silent.ended, 0);
    const email = {
      SMTP_URL: 'smtp://localhost',
      EMAIL_FROM: 'no-reply@portal.example',
      PORTAL_URL: 'https://portal.example',
    };
    const sending = new ServerProcess(t, 'main.ts', { ...environmentOf(config), ...email });
    await sending.listening();
    assert.doesNotMatch(sending.output, /SMTP_URL/);
    sending.kill('SIGTERM');
    assert.equal(await sending.ended, 0);
  });

  it('wraps keys anew, and says how many', async (t) => {
    const config = await makeConfig(t, undefined);
    const child = new ServerProcess(t, 'rewrap.ts', environmentOf(config));
    assert.equal(await child.ended, 1, 'there is nothing to wrap before the first start');
    const first = new ServerProcess(t, 'main.ts', environmentOf(config));
    await first.listening();
    const again = new ServerProcess(t, 'rewrap.ts', environmentOf(config));
    assert.equal(await again.ended, 0);
    assert.match(again.output, /^0 keys are wrapped anew/);
  });
});

describe('the demo', () => {
  it('starts without secrets, keeps its own to itself, and has a small clinic in it', async (t) => {
    const { dataDir } = await makeConfig(t, undefined);
    const start = async () => {
      const child = new ServerProcess(t, 'main.ts', { DATA_DIR: dataDir, PORT: '0' }, '--demo');
      const url = await child.listening();
      const nobody = new Caller(url);
      const tokenOf = async (personId: string) =>
        (await json<{ token: string }>(await nobody.post('/demo/session', { personId }))).token;
      return { child, url, nobody, as: (id: string) => new Caller(url, () => tokenOf(id)) };
    };
    const { child, url, nobody, as } = await start();
    assert.equal((await stat(join(dataDir, 'demo-secrets.json'))).mode & 0o777, 0o600);
    const { threads, unread } = await json<{ threads: readonly Thread[]; unread: number }>(
      await as('ana').get('/v1/threads'),
    );
    assert.deepEqual(
      threads.map((thread) => [thread.with.id, thread.status]),
      [
        ['dr-lee', 'current'],
        ['dr-ortiz', 'current'],
        ['dr-haddad', 'ended'],
      ],
    );
    assert.ok(unread > 0);
    assert.equal((await as('ana').post('/v1/threads', { personId: 'dr-okafor' })).status, 201);
    assert.equal((await as('ana').post('/v1/threads', { personId: 'dr-novak' })).status, 404);
    for (const personId of ['nobody-we-know', '', 1, undefined]) {
      assert.equal(await refusal(await nobody.post('/demo/session', { personId })), '404 not-found');
    }

    const otherName = url.replace('127.0.0.1', 'localhost');
    const asks = (origin: string, host?: string) =>
      as('ana').get('/v1/me', { Origin: origin, ...(host !== undefined && { Host: host }) });
    assert.equal((await asks(otherName)).headers.get('access-control-allow-origin'), otherName);
    assert.equal((await asks('http://localhost:1')).status, 403);

    child.kill('SIGTERM');
    assert.equal(await child.ended, 0, child.output);
    const again = await start();
    assert.equal(
      (await json<{ threads: unknown[] }>(await again.as('ana').get('/v1/threads'))).threads.length,
      4,
    );
  });
});
