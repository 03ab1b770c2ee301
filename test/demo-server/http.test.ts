import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { it } from 'node:test';
import { guidance } from '../../demo-server/services/guidance.ts';
import { endpoints } from '../../protocol/endpoints.ts';
import { meSchema } from '../../protocol/me.ts';
import { anId } from '../support/builders.ts';
import { fillClinic, json, onEachEngine, origin, refusal, type TestServer } from '../support/server.ts';

onEachEngine('over HTTP', (startServer, engine) => {
  it('logs no word, name, id or token of anybody', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const ana = server.as('ana');
    const threadId = await ana.open('dr-lee');
    const planted = 'planted-words';
    const token = await server.sign({ sub: 'ana' });
    await ana.send(threadId, planted);
    await ana.put(`/v1/threads/${threadId}/messages/${planted}`, { text: planted });
    await ana.get(`/v1/${planted}?${planted}=${planted}`);
    await ana.get(`/v1/threads?cursor=${planted}`, {
      'User-Agent': planted,
      Referer: `https://${planted}.example`,
    });
    await server.showing(planted).get('/v1/me');
    await server.portal.put(`/v1/directory/people/${planted}`, { displayName: planted });
    await ask(server, 'PUT', '/v1/directory/people/x', `{"${planted}`, {
      Authorization: `Bearer ${server.config.serviceKey}`,
    });
    // What a database says of a row repeats the row.
    await server.storage.write(() => Promise.reject(new Error(planted))).catch(() => undefined);
    const log = server.logged.join('');
    for (const word of [planted, 'ana', 'Reyes', 'dr-lee', threadId, token, server.config.serviceKey]) {
      assert.ok(!log.includes(word), `${word} is in the log`);
    }
    assert.match(
      log,
      /"method":"PUT","route":"\/v1\/threads\/\{threadId\}\/messages\/\{messageId\}","status":201/,
    );
    assert.match(log, /"problem":"unauthenticated"/);
  });

  if (engine === 'PostgreSQL') return;

  it('lets listed portals and its own pages ask, and refuses every other page', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const own = server.url;
    const paths: readonly (readonly [string, string])[] = [
      ['GET', '/v1/me'],
      ['PUT', `/v1/devices/${anId()}/cache-key`],
      ['DELETE', `/v1/devices/${anId()}/cache-key`],
      ['GET', '/healthz'],
    ];
    const others = [
      'https://evil.example',
      'null',
      'https://portal.example.evil.example',
      'http://portal.example',
      'https://portal.example:8443',
      'https://PORTAL.example.',
      'file://',
      'x',
    ];
    for (const [method, path] of paths) {
      const from = (page: string) => server.as('ana').ask(method, path, undefined, { Origin: page });
      const allowed = await from(origin);
      assert.ok(allowed.ok);
      assert.equal(allowed.headers.get('access-control-allow-origin'), origin);
      assert.equal(allowed.headers.get('access-control-allow-credentials'), null);
      assert.match(allowed.headers.get('vary') ?? '', /origin/i);
      for (const header of ['Location', 'ETag', 'Retry-After', 'Upload-Offset']) {
        assert.match(
          allowed.headers.get('access-control-expose-headers') ?? '',
          new RegExp(`\\b${header}\\b`),
        );
      }
      assert.ok((await from(own)).ok);
      for (const page of others) {
        const refused = await from(page);
        assert.equal(refused.headers.get('access-control-allow-origin'), null);
        assert.equal(await refusal(refused), '403 forbidden', page);
      }
    }
  });

  it('answers a listed portal’s preflight, and no other’s', async (t) => {
    const server = await startServer(t);
    const preflight = (page: string) =>
      server.nobody().ask('OPTIONS', '/v1/threads', undefined, {
        Origin: page,
        'Access-Control-Request-Method': 'PUT',
        'Access-Control-Request-Headers': 'authorization,content-type,last-event-id',
      });
    const allowed = await preflight(origin);
    assert.equal(allowed.status, 204);
    for (const method of ['GET', 'PUT', 'POST', 'DELETE']) {
      assert.match(allowed.headers.get('access-control-allow-methods') ?? '', new RegExp(`\\b${method}\\b`));
    }
    for (const header of [
      'Authorization',
      'Content-Type',
      'Last-Event-ID',
      'Upload-Length',
      'Tus-Resumable',
    ]) {
      assert.match(allowed.headers.get('access-control-allow-headers') ?? '', new RegExp(`\\b${header}\\b`));
    }
    assert.equal(await refusal(await preflight('https://evil.example')), '403 forbidden');
  });

  it('answers every malformed request with a problem, and none with a failure', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    const threadId = await server.as('ana').open('dr-lee');
    const path = `/v1/threads/${threadId}/messages/${anId()}`;
    const key = { Authorization: `Bearer ${await server.sign({ sub: 'ana' })}` };
    const asJson = { ...key, 'Content-Type': 'application/json' };
    const put = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = asJson) =>
      ask(server, 'PUT', path, body, headers);

    const bodies: readonly (readonly [string, Response])[] = [
      ['400 invalid', await put('')],
      ['400 invalid', await put('{')],
      ['400 invalid', await put('[]')],
      ['400 invalid', await put('null')],
      ['400 invalid', await put('"text"')],
      ['400 invalid', await put('{"text":1}')],
      ['400 invalid', await put('{"text":null}')],
      ['400 invalid', await put('{"text":["x"]}')],
      ['400 invalid', await put('{"text":"x","attachments":"x"}')],
      ['400 invalid', await put('{"text":"x","attachments":["x"]}')],
      ['400 invalid', await put('{"text":"\\ud800"}')],
      [
        '400 invalid',
        await put(Uint8Array.from([...Buffer.from('{"text":"'), 0xff, 0xfe, ...Buffer.from('"}')])),
      ],
      ['400 invalid', await put(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)],
      ['400 invalid', await put('{"__proto__":{"text":"x"}}')],
      ['413 too-large', await put(JSON.stringify({ text: 'x'.repeat(70_000) }))],
      ['415 unsupported-media-type', await put('{"text":"x"}', { ...key, 'Content-Type': 'text/plain' })],
      ['415 unsupported-media-type', await put('{"text":"x"}', key)],
      [
        '415 unsupported-media-type',
        await put('text=x', { ...key, 'Content-Type': 'application/x-www-form-urlencoded' }),
      ],
      [
        '415 unsupported-media-type',
        await put('{}', { ...key, 'Content-Type': 'application/json; charset=utf-16' }),
      ],
      ['415 unsupported-media-type', await put('{}', { ...asJson, 'Content-Encoding': 'gzip' })],
    ];
    for (const [index, [expected, response]] of bodies.entries()) {
      assert.equal(await refusal(response), expected, `body ${index}`);
    }

    const get = (where: string) => ask(server, 'GET', where, undefined, key);
    const places: readonly (readonly [string, string])[] = [
      ['404 not-found', '/'],
      ['404 not-found', '/v1'],
      ['404 not-found', '/v1/threads/'],
      ['404 not-found', '/V1/threads'],
      ['404 not-found', '/v1/../v1/nothing'],
      ['400 invalid', '/v1/threads/x'],
      ['400 invalid', '/v1/threads/%00'],
      ['400 invalid', '/v1/threads/%ff'],
      ['400 invalid', '/v1/threads/%'],
      ['400 invalid', `/v1/threads/${'a'.repeat(5_000)}`],
      ['400 invalid', '/v1/threads?limit=1e2'],
      ['400 invalid', '/v1/threads?cursor=99999999999999999999'],
    ];
    for (const [expected, where] of places) {
      assert.equal(await refusal(await get(where)), expected, where);
    }
  });

  it('says in words what is wrong, and repeats nothing of it', async (t) => {
    const server = await startServer(t);
    const response = await server.portal.put('/v1/directory/people/x', {
      role: 'secret-words',
      email: 'secret-words',
    });
    const problem = await response.text();
    assert.match(problem, /"detail":"[^"]*body role: /);
    assert.match(problem, /body email: /);
    assert.ok(!problem.includes('secret-words'));
  });

  it('names the methods there are where another is tried', async (t) => {
    const server = await startServer(t);
    const wrong = await server.nobody().ask('PATCH', '/v1/threads');
    assert.equal(wrong.headers.get('allow'), 'GET, HEAD, POST');
    assert.equal(await refusal(wrong), '405 method-not-allowed');
    assert.equal((await server.nobody().ask('HEAD', '/healthz')).status, 200);
  });

  it('closes a connection whose request is nonsense, and goes on', async (t) => {
    const server = await startServer(t);
    for (const request of [
      'nonsense\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n',
      '\0\0\0\0\r\n\r\n',
    ]) {
      const answer = await untilClosed(server, request);
      assert.ok(answer === '' || answer.startsWith('HTTP/1.1 400'), answer);
    }
    assert.ok((await server.nobody().get('/healthz')).ok);
  });

  it('gives up a request that is never whole, and keeps a stream that is', async (t) => {
    const server = await startServer(t, { patience: { requests: 500 } });
    await fillClinic(server);
    const stream = await server.as('ana').listen(t);
    const key = `Authorization: Bearer ${await server.sign({ sub: 'ana' })}`;
    const put = `PUT /v1/devices/${anId()}/cache-key HTTP/1.1\r\nHost: a\r\n${key}\r\n`;
    const post = `POST /v1/threads HTTP/1.1\r\nHost: a\r\n${key}\r\nContent-Type: application/json\r\n`;
    const parts = [
      'GET /healthz HT',
      put,
      `${post}Content-Length: 20\r\n\r\n{"personId":`,
      `${post}Transfer-Encoding: chunked\r\n\r\n5\r\n{"per`,
    ];
    const answers = await Promise.all(parts.map((part) => untilClosed(server, part)));
    for (const [index, answer] of answers.entries()) {
      assert.ok(answer === '' || answer.startsWith('HTTP/1.1 408'), `${parts[index]}: ${answer}`);
    }
    const threadId = await server.as('ana').open('dr-lee');
    assert.deepEqual((await stream.nextOf('thread')).data, { threadId });
  });

  it('closes a connection on which nothing moves', async (t) => {
    // Not even heartbeats: those of a stream come every twenty seconds.
    const server = await startServer(t, { patience: { silence: 500 } });
    await fillClinic(server);
    const stream = await server.as('ana').listen(t);
    await stream.ended;
  });

  it('takes requests from its proxy and from this machine, and none from elsewhere', async (t) => {
    const forwarded = { 'X-Forwarded-For': '203.0.113.7', 'X-Forwarded-Proto': 'https' };
    const own = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal)?.address;
    const behind = async (trustedProxy: string) => {
      const server = await startServer(t, { config: { host: '0.0.0.0', trustedProxy } });
      await fillClinic(server);
      const askAt = async (host: string) => {
        const headers = { ...forwarded, Authorization: `Bearer ${await server.sign({ sub: 'ana' })}` };
        return fetch(`${server.url.replace('0.0.0.0', host)}/v1/me`, { headers });
      };
      return { here: await askAt('127.0.0.1'), elsewhere: own && (await askAt(own)) };
    };

    const strange = await behind('192.0.2.99');
    assert.equal(strange.here.status, 200);
    // A machine without a network has no address that is not its own loop.
    if (own === undefined) return t.diagnostic('There is no network: asked from here alone.');
    assert.equal(await refusal(strange.elsewhere as Response), '403 forbidden');
    const known = await behind(own);
    assert.deepEqual([known.here.status, (known.elsewhere as Response).status], [200, 200]);
  });

  it('limits what a person may ask in a minute, and nobody else by it', async (t) => {
    const server = await startServer(t, { config: { ratePerMinute: 5 } });
    await fillClinic(server);
    for (let count = 0; count < 5; count++) assert.ok((await server.as('ana').get('/v1/me')).ok);
    const refused = await server.as('ana').get('/v1/me');
    const wait = Number(refused.headers.get('retry-after'));
    assert.ok(wait >= 1 && wait <= 60, `${wait}`);
    assert.equal(await refusal(refused), '429 rate-limited');
    assert.ok((await server.as('ben').get('/v1/me')).ok);
  });

  it('has answers kept by nobody, and nothing in them run', async (t) => {
    const server = await startServer(t);
    await fillClinic(server);
    for (const response of [await server.as('ana').get('/v1/me'), await server.nobody().get('/v1/nothing')]) {
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(
        response.headers.get('content-security-policy'),
        "default-src 'none';frame-ancestors 'none'",
      );
      assert.equal(response.headers.get('x-powered-by'), null);
    }
  });

  it('tells everybody what the clinic says around the messages', async (t) => {
    const own = { ...guidance, supportAfterHours: 72, askSupport: ['<b>Billing</b>'] };
    const server = await startServer(t, { config: { guidance: own } });
    await fillClinic(server);
    for (const personId of ['ana', 'dr-lee']) {
      const me = meSchema.parse(await json(await server.as(personId).get('/v1/me')));
      assert.deepEqual([me.person.id, me.guidance], [personId, own]);
    }
  });

  it('prints the contract it keeps: every endpoint, and nothing that leads nowhere', async (t) => {
    const server = await startServer(t);
    type Operation = {
      operationId: string;
      responses: Record<string, unknown>;
      parameters: { in: string; name: string; schema: { type?: string } }[];
    };
    const document = await json<{
      openapi: string;
      paths: Record<string, Record<string, Operation>>;
      components: { schemas: Record<string, unknown> };
    }>(await server.nobody().get('/v1/openapi.json'));
    assert.match(document.openapi, /^3\.1\./);
    for (const [name, { path, method, answers }] of Object.entries(endpoints)) {
      const operation = document.paths[path]?.[method];
      assert.equal(operation?.operationId, name);
      for (const status of Object.keys(answers))
        assert.ok(status in operation.responses, `${name} ${status}`);
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      assert.deepEqual(
        operation.parameters.filter((one) => one.in === 'path').map((one) => one.name),
        named,
      );
    }
    const printed = JSON.stringify(document);
    for (const [, name] of printed.matchAll(/"\$ref":"([^"]+)"/g)) {
      const component = /^#\/components\/schemas\/(\w+)$/.exec(name!)?.[1];
      assert.ok(component && component in document.components.schemas, name);
    }
    const limit = document.paths['/v1/threads']?.['get']?.parameters.find(({ name }) => name === 'limit');
    assert.equal(limit?.schema.type, 'integer');
  });
});

/** Says this over a connection of its own, and hears what comes until the server closes it. */
async function untilClosed(server: TestServer, words: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  let answer = '';
  await new Promise<void>((resolve) => {
    socket.on('data', (bytes) => (answer += bytes.toString()));
    socket.on('close', () => resolve()).on('error', () => resolve());
    socket.write(words);
  });
  return answer;
}

function ask(
  server: TestServer,
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${server.url}${path}`, { method, headers, ...(body !== undefined && { body }) });
}
