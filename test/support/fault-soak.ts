import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Message } from '../../protocol/message.ts';
import { Cache } from '../../widget/cache/cache.ts';
import { MemoryRecords } from '../../widget/cache/memory-records.ts';
import { Outbox } from '../../widget/sync/outbox.ts';
import { MessagesApi } from '../../widget/transport/messages-api.ts';
import { Requester } from '../../widget/transport/request.ts';
import { TokenSource } from '../../widget/transport/token-source.ts';
import { aClient, aProvider } from './builders.ts';
import { FaultProxy, type Fault } from './fault-proxy.ts';
import { pick, randomFrom } from './random.ts';
import { json, type Start } from './server.ts';

export type FaultOptions = { readonly sends: number; readonly threads: number; readonly seed: number };

export type FaultResult = {
  readonly suffered: ReadonlyMap<Fault, number>;
  /** What still waited when the network was well again. */
  readonly left: number;
  /** How long, in milliseconds, that then took. */
  readonly settledIn: number;
};

/**
 * A provider writes to many clients over a network that is ill in every way there is, with what the widget sends by
 * and to a real server; then it heals. Throws where anything is missing, doubled or out of order.
 */
export async function soakFaults(
  t: Pick<TestContext, 'after'>,
  startServer: Start,
  { sends, threads, seed }: FaultOptions,
): Promise<FaultResult> {
  const random = randomFrom(seed);
  const server = await startServer(t);
  const put = async (path: string, body: unknown) =>
    json(await server.portal.put(`/v1/directory/${path}`, body));
  await put('people/lee', aProvider());
  const threadIds: string[] = [];
  for (let index = 0; index < threads; index++) {
    const clientId = `client-${index}`;
    await put(`people/${clientId}`, aClient());
    await put(`relationships/${clientId}/lee`, { status: 'current' });
    threadIds.push(await server.as(clientId).open('lee'));
  }

  const proxy = await FaultProxy.start(t, server.url, randomFrom(seed + 1));
  const getToken = () => server.sign({ sub: 'lee' });
  const api = new MessagesApi(new Requester(proxy.url, new TokenSource({ getToken }, fetch), fetch));
  const cache = await Cache.over(new MemoryRecords());
  const sent: string[] = [];
  const outbox = new Outbox(cache, api, (_, messageId) => sent.push(messageId));
  t.after(() => outbox.stop());
  const broken = errorsReported(t);

  const written = new Map<string, string[]>(threadIds.map((threadId) => [threadId, []]));
  for (let count = 0; count < sends; count++) {
    const threadId = pick(random, threadIds);
    const texts = written.get(threadId)!;
    const text = `${threadIds.indexOf(threadId)}: ${texts.length}`;
    texts.push(text);
    await outbox.add(threadId, text);
    proxy.isAway = count >= sends * 0.95;
    if (proxy.isAway || count % threads !== 0) continue;
    // Good hours and bad ones. In the end nothing gets through any more.
    proxy.illness = random() < 0.1 ? 1 : random() * 0.6;
    await tryAgainAndAgain(outbox);
  }

  const left = cache.outbox.length;
  proxy.heal();
  const start = performance.now();
  outbox.wake();
  await outbox.drain();
  const settledIn = performance.now() - start;
  await proxy.arrived();

  assert.deepEqual(broken, []);
  assert.deepEqual(cache.outbox, []);
  assert.equal(sent.length, sends);
  assert.equal(new Set(sent).size, sends, 'each is said to be sent once');
  for (const [index, threadId] of threadIds.entries()) {
    const texts = written.get(threadId)!;
    const stored: Message[] = [];
    for (let page; page === undefined || page.length > 0;) {
      page = await server.as(`client-${index}`).messages(threadId, `?after=${stored.length}&limit=200`);
      stored.push(...page);
    }
    assert.deepEqual(
      stored.map(({ seq, text }) => [seq, text]),
      texts.map((text, place) => [place + 1, text]),
    );
    const shown = await cache.messages(threadId, 1, texts.length);
    assert.deepEqual(
      shown.map(({ id, seq, text }) => [id, seq, text]),
      stored.map(({ id, seq, text }) => [id, seq, text]),
    );
  }
  return { suffered: proxy.suffered, left, settledIn };
}

/** As a person whose network comes and goes: it is tried some twenty times, or until all is sent. */
async function tryAgainAndAgain(outbox: Outbox): Promise<void> {
  const drained = outbox.drain().then(() => true);
  for (let times = 0; times < 20; times++) {
    outbox.wake();
    if (await Promise.race([drained, new Promise<false>((resolve) => setTimeout(resolve, 5, false))])) return;
  }
}

/** What the widget would have told the page of: browsers have this where Node has none. */
function errorsReported(t: Pick<TestContext, 'after'>): readonly unknown[] {
  const errors: unknown[] = [];
  const before = globalThis.reportError;
  globalThis.reportError = (error: unknown) => void errors.push(error);
  Object.assign(globalThis, { isSecureContext: true });
  t.after(() => {
    globalThis.reportError = before;
  });
  return errors;
}
