import { MessagingClient, type ClientSettings } from '../../widget/state/messaging-client.ts';
import type { ThreadStore } from '../../widget/state/thread-store.ts';
import { FakeServer, networkError } from './fake-server.ts';
import { threadId } from './message-builders.ts';
import { until } from './until.ts';

/** Clients of a server that has one thread of five messages; anew for each test of the suite that it is made in. */
export class ClientHome {
  server!: FakeServer;
  #clients: MessagingClient[] = [];

  constructor() {
    beforeEach(() => {
      this.server = new FakeServer();
      this.server.addThread({ messages: 5 });
    });
    afterEach(async () => {
      this.server.letGo();
      await Promise.all(this.#clients.splice(0).map((client) => client.stop()));
      await new Promise((resolve) => (indexedDB.deleteDatabase('grow-messages').onsuccess = resolve));
    });
  }

  client(settings: Partial<ClientSettings> = {}): MessagingClient {
    const { apiUrl, tokenUrl, fetch } = this.server;
    const client = new MessagingClient({ apiUrl, tokenUrl, ...settings }, fetch);
    this.#clients.push(client);
    return client;
  }

  /** One that follows what happens, and has been told all that it asked for. */
  async started(settings: Partial<ClientSettings> = {}): Promise<MessagingClient> {
    const client = this.client(settings);
    await client.start();
    await until(() => isLive(client) && this.server.unanswered === 0, 'the client is live');
    return client;
  }

  /** Somebody else's session from now on, with keys of their own. */
  signInAsBen(): void {
    const { server } = this;
    server.me = { ...server.me, person: { ...server.me.person, id: 'ben', displayName: 'Ben Ito' } };
    server.isSignedIn = true;
    server.renewKeys();
    server.expireToken();
  }

  /** Writes what nobody takes, as the session ends. What this returns has the server take it again. */
  async signOutUnsent(client: MessagingClient, text: string): Promise<() => void> {
    const stop = this.server.always('sendMessage', networkError);
    await (await openThread(client)).send(text);
    await until(() => unsent(client).length === 1);
    this.server.signOut();
    await until(() => client.session.value === 'signed-out');
    return stop;
  }
}

export function isLive(client: MessagingClient): boolean {
  return client.connection.value === 'live';
}

export async function openThread(client: MessagingClient): Promise<ThreadStore> {
  const thread = client.thread(threadId);
  await thread.open();
  return thread;
}

/** The words that wait in the thread. */
export function unsent(client: MessagingClient): readonly string[] {
  const { items } = client.thread(threadId).value;
  return items.flatMap((item) => (item.kind === 'echo' ? [item.entry.text] : []));
}
