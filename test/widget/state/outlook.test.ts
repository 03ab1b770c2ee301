import { expect } from '@open-wc/testing';
import { MessagingClient } from '../../../widget/state/messaging-client.ts';
import { outlookOn } from '../../../widget/state/outlook.ts';
import { FakeServer } from '../../support/fake-server.ts';
import { aProvider, threadId } from '../../support/message-builders.ts';
import { until } from '../../support/until.ts';

describe('what is looked for as people change', () => {
  let server: FakeServer;
  let client: MessagingClient;

  beforeEach(async () => {
    server = new FakeServer();
    client = new MessagingClient(
      { apiUrl: server.apiUrl, tokenUrl: server.tokenUrl, cache: 'memory' },
      server.fetch,
    );
    await client.start();
  });

  afterEach(async () => {
    server.letGo();
    await client.stop();
  });

  /** Looks for somebody, and is called away before it is known whom one may write to. */
  async function lookAndLeave(personId: string) {
    const goOn = server.hold('listContacts');
    const looking = outlookOn(client, personId);
    await until(() => server.askedFor('listContacts').length === 1);
    void client.lock();
    server.me = { ...server.me, person: { ...server.me.person, id: 'ben', displayName: 'Ben Ito' } };
    server.expireToken();
    await client.start();
    return async () => {
      goOn();
      return looking;
    };
  }

  it('opens no thread for whoever comes next', async () => {
    const come = await lookAndLeave('dr-new');
    await come();
    expect(server.askedFor('openThread')).to.deep.equal([]);
  });

  it('brings no words of theirs into a thread of the one before', async () => {
    server.addContact(aProvider({ id: 'dr-new' }), { threadId });
    const come = await lookAndLeave('dr-new');
    await client.thread('to dr-new').storeDraft('Of Ben’s');
    await come();
    expect(client.thread('to dr-new').draft).to.equal('Of Ben’s');
  });
});
