import { expect } from '@open-wc/testing';
import { acquireAny, onNewClient } from '../../../widget/state/any-client.ts';
import type { MessagingClient } from '../../../widget/state/messaging-client.ts';
import { acquire, release } from '../../../widget/state/shared-clients.ts';
import { FakeServer, listen } from '../../support/fake-server.ts';
import { until } from '../../support/until.ts';

describe('shared clients', () => {
  let server: FakeServer;
  const taken: MessagingClient[] = [];

  beforeEach(async () => {
    server = await listen(new FakeServer());
    server.addThread();
  });

  afterEach(async () => {
    for (const client of taken.splice(0)) release(client);
    await until(() => server.openStreams === 0);
  });

  const settings = () => ({ apiUrl: server.apiUrl, tokenUrl: server.tokenUrl });

  function take(more: Partial<ReturnType<typeof settings>> = {}): MessagingClient {
    const client = acquire({ ...settings(), ...more });
    taken.push(client);
    return client;
  }

  /** Gives it back, and lets whoever comes in the same breath take it. */
  function giveBack(client: MessagingClient): void {
    taken.splice(taken.indexOf(client), 1);
    release(client);
  }

  it('are one for the same settings, with one connection', async () => {
    const [first, second] = [take(), take()];
    expect(first).to.equal(second);
    await until(() => server.openStreams === 1);
    expect(server.askedFor('followEvents').length).to.equal(1);
  });

  it('are others for other settings', () => {
    expect(take()).not.to.equal(take({ tokenUrl: 'https://portal.test/session/other' }));
  });

  it('stop with the last who lets go, and not before', async () => {
    const [first, second] = [take(), take()];
    await until(() => server.openStreams === 1);
    giveBack(first);
    await Promise.resolve();
    server.say('Still there?');
    await until(() => first.inbox.value?.threads[0]?.lastSeq === 4);
    giveBack(second);
    await until(() => server.openStreams === 0);
  });

  it('go on where one lets go and takes again in the same breath', async () => {
    const first = take();
    await until(() => server.openStreams === 1);
    giveBack(first);
    expect(take()).to.equal(first);
    await Promise.resolve();
    server.say('Still there?');
    await until(() => first.inbox.value?.threads[0]?.lastSeq === 4);
    expect(server.askedFor('followEvents').length).to.equal(1);
  });

  it('are made anew where the last was stopped', async () => {
    const first = take();
    await until(() => server.openStreams === 1);
    giveBack(first);
    await until(() => server.openStreams === 0);
    expect(take()).not.to.equal(first);
  });

  it('are there for those who only look, and stay as long as they look', async () => {
    expect(acquireAny(server.apiUrl)).to.equal(undefined);
    const first = take();
    const looked = acquireAny('');
    expect(looked).to.equal(first);
    expect(acquireAny('https://elsewhere.test')).to.equal(undefined);
    await until(() => server.openStreams === 1);
    giveBack(first);
    await Promise.resolve();
    expect(server.openStreams).to.equal(1);
    release(looked as MessagingClient);
    await until(() => server.openStreams === 0);
  });

  it('are not there for those who only look once all others have let go', async () => {
    const first = take();
    await until(() => server.openStreams === 1);
    giveBack(first);
    expect(acquireAny('')).to.equal(undefined);
  });

  it('tell when there is a new one, until nobody wants to know', () => {
    let heard = 0;
    const leave = onNewClient(() => (heard += 1));
    take();
    take();
    expect(heard).to.equal(1);
    leave();
    take({ tokenUrl: 'https://portal.test/session/other' });
    expect(heard).to.equal(1);
  });

  it('bear to be given back twice', async () => {
    const [first, second] = [take(), take()];
    await until(() => server.openStreams === 1);
    giveBack(first);
    giveBack(second);
    release(first);
    await until(() => server.openStreams === 0);
    release(first);
  });
});
