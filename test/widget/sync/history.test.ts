import { expect } from '@open-wc/testing';
import { Cache } from '../../../widget/cache/cache.ts';
import { MemoryRecords } from '../../../widget/cache/memory-records.ts';
import { History } from '../../../widget/sync/history.ts';
import { MessagesApi } from '../../../widget/transport/messages-api.ts';
import { Requester } from '../../../widget/transport/request.ts';
import { TokenSource } from '../../../widget/transport/token-source.ts';
import { FakeServer } from '../../support/fake-server.ts';
import { threadId } from '../../support/message-builders.ts';

describe('History', () => {
  async function start(messages = 300) {
    const server = new FakeServer();
    server.addThread({ messages });
    const cache = await Cache.over(new MemoryRecords());
    const tokens = new TokenSource({ tokenUrl: server.tokenUrl }, server.fetch);
    const api = new MessagesApi(new Requester(server.apiUrl, tokens, server.fetch));
    const have = (from: number, to: number) =>
      cache.receive({ messages: server.messages().slice(from - 1, to) });
    const asked = () => server.askedFor('listMessages').map(({ url }) => url.search);
    return { server, cache, have, asked, history: new History(cache, api, new Map()) };
  }

  const range = (messages: readonly { readonly seq: number }[]) => [
    messages[0]?.seq,
    messages.at(-1)?.seq,
    messages.length,
  ];

  it('asks nobody for what this device has', async () => {
    const { history, have, asked } = await start();
    await have(101, 150);
    expect(range(await history.read(threadId, 101, 150))).to.deep.equal([101, 150, 50]);
    expect(asked()).to.deep.equal([]);
  });

  it('asks once for all that it lacks', async () => {
    const { history, asked } = await start();
    expect(range(await history.read(threadId, 101, 150))).to.deep.equal([101, 150, 50]);
    expect(asked()).to.deep.equal(['?after=100&limit=50']);
  });

  it('asks for the hole alone, in one request', async () => {
    const { history, have, asked } = await start();
    await have(1, 20);
    await have(41, 50);
    expect(range(await history.read(threadId, 1, 50))).to.deep.equal([1, 50, 50]);
    expect(asked()).to.deep.equal(['?after=20&limit=20']);
  });

  it('asks once also where there are two holes', async () => {
    const { history, have, asked } = await start();
    await have(1, 10);
    await have(20, 30);
    await have(40, 50);
    expect(range(await history.read(threadId, 1, 50))).to.deep.equal([1, 50, 50]);
    expect(asked()).to.deep.equal(['?after=10&limit=29']);
  });

  it('keeps what it was given, so that it asks for nothing twice', async () => {
    const { history, asked } = await start();
    await history.read(threadId, 1, 50);
    await history.read(threadId, 1, 50);
    expect(asked().length).to.equal(1);
  });

  it('has a thread that is new to this device, with its newest messages', async () => {
    const { server, cache, history } = await start(120);
    const thread = await history.discover(threadId);
    expect(thread).to.deep.equal(server.thread());
    expect(range(await cache.messages(threadId, 1, 120))).to.deep.equal([71, 120, 50]);
  });
});
