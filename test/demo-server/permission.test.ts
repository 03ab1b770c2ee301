import assert from 'node:assert/strict';
import { it } from 'node:test';
import { endpoints } from '../../protocol/endpoints.ts';
import { aClient, aDraft, anId } from '../support/builders.ts';
import { aPdf } from '../support/inspect.ts';
import {
  type Caller,
  fillClinic,
  json,
  onEachEngine,
  refusal,
  type Start,
  type TestServer,
  uploadIdIn,
} from '../support/server.ts';

type Name = keyof typeof endpoints;
type Ask = (caller: Caller) => Promise<Response>;

onEachEngine('who reaches what', (startServer) => {
  it('is for each route and caller what the contract says', async (t) => {
    const { server, current } = await aClinic(startServer, t);
    const ask = requests(current, await someFiles(server, current));
    const callers: Readonly<Record<string, Caller>> = {
      client: server.as('ana'),
      provider: server.as('dr-lee'),
      'other client': server.as('ben'),
      'other provider': server.as('dr-okafor'),
      'never booked': server.as('dr-novak'),
      stranger: server.as('nobody-we-know'),
      closed: server.as('closed'),
      portal: server.portal,
      nobody: server.nobody(),
    };
    const others = ['other client', 'other provider', 'never booked'];
    const person = each(['client', 'provider', ...others], '2xx');
    const theirs = { ...person, ...each(others, '404 not-found') };
    const portalOnly = { portal: '2xx' };
    const anyone = each(Object.keys(callers), '2xx');
    const expected: Readonly<Record<Name, Readonly<Record<string, string>>>> = {
      readMe: person,
      listContacts: person,
      listThreads: person,
      // With Dr. Lee: a colleague gets no thread with a colleague, nor does Dr. Lee with himself.
      openThread: { ...theirs, provider: '404 not-found', 'other client': '2xx' },
      readThread: theirs,
      listMessages: theirs,
      sendMessage: theirs,
      markRead: theirs,
      // Ana's, who has not sent it; and another one, which she sent to Dr. Lee.
      createUpload: person,
      lookAtUpload: { ...person, ...each(['provider', ...others], '404 not-found') },
      appendToUpload: { ...person, ...each(['provider', ...others], '404 not-found') },
      removeUpload: { ...person, ...each(['client', 'provider', ...others], '404 not-found') },
      readAttachment: theirs,
      issueCacheKey: person,
      shredCacheKey: person,
      followEvents: person,
      putPerson: portalOnly,
      closePerson: portalOnly,
      endSessions: portalOnly,
      putRelationship: portalOnly,
      listAudit: portalOnly,
      readOpenApi: anyone,
      isAlive: anyone,
      isReady: anyone,
    };
    for (const name of Object.keys(endpoints) as Name[]) {
      const got: Record<string, string> = {};
      const wanted: Record<string, string> = {};
      for (const [who, caller] of Object.entries(callers)) {
        got[who] = await outcome(ask[name](caller));
        const answer = expected[name][who] ?? '401 unauthenticated';
        wanted[who] = endpoints[name].method === 'head' ? answer.replace(/ .*/, '') : answer;
      }
      assert.deepEqual(got, wanted, name);
    }
  });

  it('is for each file, as far as it has come, what the contract says; to all others it is not there', async (t) => {
    const { server, current } = await aClinic(startServer, t);
    const [ana, lee] = [server.as('ana'), server.as('dr-lee')];
    const files = await someFiles(server, current);
    const whole = await ana.upload(aPdf());
    const own = 'look 200, append 204, ';
    const bytes = 'read 200, size 200, stretch 206, beyond 416';
    const noBytes = 'read 404, size 404, stretch 404, beyond 404';
    const nothing = `look 404, append 404, ${noBytes}`;

    const isAsItShould = async (callers: Readonly<Record<string, Caller>>) => {
      for (const [who, caller] of Object.entries(callers)) {
        const eyes = await FileEyes.of(caller);
        for (const [id, expected] of [
          [files.unsent, { ana: own + noBytes }],
          [whole, { ana: own + bytes }],
          [files.sent, { ana: own + bytes, lee: `look 404, append 404, ${bytes}` }],
        ] as const) {
          const wanted = new Map(Object.entries(expected)).get(who) ?? nothing;
          assert.equal(await eyes.see(id), wanted, who);
          // Nobody takes away what is not theirs, nor what a message carries.
          if (who !== 'ana' || id === files.sent) assert.equal(await eyes.see(id, ['remove']), 'remove 404');
        }
      }
    };
    const [ben, okafor, novak] = [server.as('ben'), server.as('dr-okafor'), server.as('dr-novak')];
    await isAsItShould({ ana, lee, ben, okafor, novak });
    await server.portal.put('/v1/directory/relationships/ana/dr-lee', { status: 'ended' });
    await isAsItShould({ ana, lee, ben });
    assert.equal(await refusal(await ana.sendFiles(current, [whole])), '403 relationship-ended');
    const eyes = await FileEyes.of(ana);
    for (const id of [files.unsent, whole]) {
      assert.equal(await eyes.see(id, ['remove']), 'remove 204');
      assert.equal(await eyes.see(id), nothing);
    }
  });

  it('looks the same for a thread of others and for one that is not there', async (t) => {
    const { server, current } = await aClinic(startServer, t);
    const ben = server.as('ben');
    for (const name of ['readThread', 'listMessages', 'sendMessage', 'markRead'] as const) {
      const [theirs, none] = [await requests(current)[name](ben), await requests(anId())[name](ben)];
      assert.equal(await theirs.text(), await none.text(), name);
      assert.deepEqual([theirs.status, none.status], [404, 404]);
    }
    const [unbooked, unknown] = [
      await ben.post('/v1/threads', { personId: 'dr-novak' }),
      await ben.post('/v1/threads', { personId: 'nobody-we-know' }),
    ];
    assert.equal(await unbooked.text(), await unknown.text());
  });

  it('leaves a thread readable when the relationship has ended, and nothing more', async (t) => {
    const { server, ended } = await aClinic(startServer, t);
    const sent = anId();
    const ana = server.as('ana');
    await json(await server.as('dr-haddad').send(ended, 'Take care', sent));
    await server.portal.put('/v1/directory/relationships/ana/dr-haddad', { status: 'ended' });
    for (const caller of [ana, server.as('dr-haddad')]) {
      const thread = await caller.thread(ended);
      assert.deepEqual([thread.status, thread.canSend], ['ended', false]);
      assert.equal((await caller.messages(ended)).length, 1);
      assert.equal((await caller.put(`/v1/threads/${ended}/read`, { seq: 1 })).status, 200);
      assert.equal(await refusal(await caller.send(ended)), '403 relationship-ended');
    }
    const open = await ana.post('/v1/threads', { personId: 'dr-haddad' });
    assert.equal(await refusal(open), '403 relationship-ended');
    assert.deepEqual(await contactsOf(ana), ['dr-lee current', 'dr-okafor former']);
  });

  it('lets a former client write on', async (t) => {
    const { server } = await aClinic(startServer, t);
    const thread = await server.as('ana').open('dr-okafor');
    assert.equal((await server.as('ana').send(thread)).status, 201);
    assert.equal((await server.as('dr-okafor').send(thread)).status, 201);
    assert.deepEqual(await contactsOf(server.as('dr-okafor')), ['ana former']);
  });

  it('lets nobody write to a person whose account is closed, until it is opened again', async (t) => {
    const { server, current } = await aClinic(startServer, t);
    const [lee, ana] = [server.as('dr-lee'), server.as('ana')];
    const old = await server.sign({ sub: 'ana' });
    await server.portal.delete('/v1/directory/people/ana');
    assert.equal(await refusal(await ana.get('/v1/me')), '401 unauthenticated');
    assert.equal(await refusal(await lee.send(current)), '403 relationship-ended');
    assert.deepEqual(await contactsOf(lee), ['ben current']);
    assert.equal((await lee.thread(current)).status, 'ended');

    assert.equal((await server.portal.put('/v1/directory/people/ana', aClient())).status, 200);
    assert.equal((await lee.send(current)).status, 201);
    assert.equal(await refusal(await server.showing(old).get('/v1/me')), '401 session-expired');
    server.clock.putForward(1_000);
    assert.equal((await server.as('ana').get('/v1/me')).status, 200);
  });

  it('gives a person the same key for a device, another for another, and none of anybody else’s', async (t) => {
    const { server } = await aClinic(startServer, t);
    const device = `/v1/devices/${anId()}/cache-key`;
    const keyOf = async (who: string, path = device) =>
      json<{ keyId: string; key: string; expiresAt: string }>(await server.as(who).put(path));
    const first = await keyOf('ana');
    assert.equal(Buffer.from(first.key, 'base64').length, 32);
    assert.deepEqual(await keyOf('ana'), first);
    assert.notEqual((await keyOf('ben')).key, first.key);
    assert.notEqual((await keyOf('ana', `/v1/devices/${anId()}/cache-key`)).key, first.key);

    await server.as('ben').delete(device);
    assert.deepEqual(await keyOf('ana'), first);
    await server.as('ana').delete(device);
    assert.equal((await server.as('ana').delete(device)).status, 204);
    const next = await keyOf('ana');
    assert.notEqual(next.key, first.key);
    const toItsEnd = Date.parse(next.expiresAt) - server.clock.now();
    server.clock.putForward(toItsEnd - 60_000);
    assert.equal((await keyOf('ana')).key, next.key);
    server.clock.putForward(toItsEnd - 60_000);
    assert.equal((await keyOf('ana')).key, next.key, 'it lives on while it is used');
    server.clock.putForward(toItsEnd + 60_000);
    assert.notEqual((await keyOf('ana')).key, next.key);
  });
});

/** One sound request for each route, about one thread. */
function requests(
  threadId: string,
  files: Files = { unsent: anId(), sent: anId() },
): Readonly<Record<Name, Ask>> {
  const device = `/v1/devices/${anId()}/cache-key`;
  const directory = '/v1/directory';
  return {
    readMe: (caller) => caller.get('/v1/me'),
    listContacts: (caller) => caller.get('/v1/contacts'),
    listThreads: (caller) => caller.get('/v1/threads'),
    openThread: (caller) => caller.post('/v1/threads', { personId: 'dr-lee' }),
    readThread: (caller) => caller.get(`/v1/threads/${threadId}`),
    listMessages: (caller) => caller.get(`/v1/threads/${threadId}/messages`),
    sendMessage: (caller) => caller.put(`/v1/threads/${threadId}/messages/${anId()}`, aDraft()),
    createUpload: (caller) => caller.beginUpload({ size: 10 }),
    lookAtUpload: (caller) => caller.tus('HEAD', `/v1/uploads/${files.unsent}`),
    appendToUpload: (caller) => caller.append(files.unsent, 10, Buffer.alloc(0)),
    // A message carries it: even whoever uploaded it can't take it back.
    removeUpload: (caller) => caller.tus('DELETE', `/v1/uploads/${files.sent}`),
    readAttachment: (caller) => caller.get(`/v1/attachments/${files.sent}`),
    markRead: (caller) => caller.put(`/v1/threads/${threadId}/read`, { seq: 0 }),
    issueCacheKey: (caller) => caller.put(device),
    shredCacheKey: (caller) => caller.delete(device),
    followEvents: async (caller) => {
      const response = await caller.get('/v1/events');
      if (response.ok) await response.body?.cancel();
      return response;
    },
    putPerson: (caller) => caller.put(`${directory}/people/new`, aClient()),
    closePerson: (caller) => caller.delete(`${directory}/people/new`),
    endSessions: (caller) => caller.delete(`${directory}/people/new/sessions`),
    putRelationship: (caller) => caller.put(`${directory}/relationships/ben/dr-lee`, { status: 'current' }),
    listAudit: (caller) => caller.get('/v1/audit'),
    readOpenApi: (caller) => caller.get('/v1/openapi.json'),
    isAlive: (caller) => caller.get('/healthz'),
    isReady: (caller) => caller.get('/readyz'),
  };
}

type Files = { readonly unsent: string; readonly sent: string };

/** Two of Ana's files: one that is half there, and one that she sent. */
async function someFiles(server: TestServer, threadId: string): Promise<Files> {
  const ana = server.as('ana');
  const unsent = uploadIdIn(await ana.beginUpload({ size: 20 }, aPdf(10)));
  const sent = await ana.upload(aPdf());
  await json(await ana.sendFiles(threadId, [sent]));
  return { unsent, sent };
}

type FileAct = 'look' | 'append' | 'read' | 'size' | 'stretch' | 'beyond' | 'remove';

/** All that can be asked of one file. */
const fileActs: Readonly<Record<FileAct, (caller: Caller, id: string) => Promise<Response>>> = {
  look: (caller, id) => caller.tus('HEAD', `/v1/uploads/${id}`),
  append: async (caller, id) => {
    const { headers } = await caller.tus('HEAD', `/v1/uploads/${id}`);
    return caller.append(id, Number(headers.get('upload-offset')), Buffer.alloc(0));
  },
  read: (caller, id) => caller.get(`/v1/attachments/${id}`),
  size: (caller, id) => caller.ask('HEAD', `/v1/attachments/${id}`),
  stretch: (caller, id) => caller.get(`/v1/attachments/${id}`, { Range: 'bytes=0-9' }),
  beyond: (caller, id) => caller.get(`/v1/attachments/${id}`, { Range: 'bytes=99999-' }),
  remove: (caller, id) => caller.tus('DELETE', `/v1/uploads/${id}`),
};
const harmless: readonly FileAct[] = ['look', 'append', 'read', 'size', 'stretch', 'beyond'];

/** What somebody sees of files, who knows well how it looks when there is none. */
class FileEyes {
  readonly #caller: Caller;
  readonly #none = new Map<FileAct, unknown>();

  private constructor(caller: Caller) {
    this.#caller = caller;
  }

  static async of(caller: Caller): Promise<FileEyes> {
    const eyes = new FileEyes(caller);
    for (const act of [...harmless, 'remove'] as const) {
      eyes.#none.set(act, await tellable(await fileActs[act](caller, anId())));
    }
    return eyes;
  }

  /** How each act is answered. A 404 must tell nothing but that there is none. */
  async see(id: string, acts = harmless): Promise<string> {
    const seen: string[] = [];
    for (const act of acts) {
      const told = await tellable(await fileActs[act](this.#caller, id));
      if (told.status === 404) assert.deepEqual(told, this.#none.get(act), act);
      seen.push(`${act} ${told.status}`);
    }
    return seen.join(', ');
  }
}

/** All that an answer tells, but when it was given. */
async function tellable(response: Response) {
  const headers = [...response.headers].filter(([name]) => name !== 'date');
  return { status: response.status, headers, body: await response.text() };
}

async function outcome(asked: Promise<Response>): Promise<string> {
  const response = await asked;
  return response.ok ? '2xx' : refusal(response);
}

function each(callers: readonly string[], outcome: string): Record<string, string> {
  return Object.fromEntries(callers.map((caller) => [caller, outcome]));
}

async function contactsOf(caller: Caller): Promise<readonly string[]> {
  const { contacts } = await json<{ contacts: readonly { person: { id: string }; status: string }[] }>(
    await caller.get('/v1/contacts'),
  );
  return contacts.map(({ person, status }) => `${person.id} ${status}`).toSorted();
}

async function aClinic(startServer: Start, t: Parameters<Start>[0]) {
  const server = await startServer(t);
  await fillClinic(server);
  await server.portal.put('/v1/directory/people/closed', aClient());
  await server.portal.delete('/v1/directory/people/closed');
  const ana = server.as('ana');
  return { server, current: await ana.open('dr-lee'), ended: await ana.open('dr-haddad') };
}
