import { ContextConsumer } from '@lit/context';
import { expect } from '@open-wc/testing';
import { LitElement } from 'lit';
import { ClientProvider } from '../../widget/client-provider.ts';
import { clientContext } from '../../widget/state/client-context.ts';
import { MessagingClient } from '../../widget/state/messaging-client.ts';

/** Somebody below who wants to know the client, and each next one. */
class Asking extends LitElement {
  readonly #client = new ContextConsumer(this, { context: clientContext, subscribe: true });

  get client(): MessagingClient | undefined {
    return this.#client.value;
  }
}

customElements.define('test-asking', Asking);

describe('ClientProvider', () => {
  let host: HTMLElement;
  let provider: ClientProvider;
  let clients: MessagingClient[];

  beforeEach(() => {
    host = document.createElement('div');
    document.body.append(host);
    provider = new ClientProvider(host);
    clients = ['https://one.test', 'https://two.test'].map((apiUrl) => new MessagingClient({ apiUrl }));
  });

  afterEach(async () => {
    host.remove();
    for (const client of clients) await client.stop();
  });

  function ask(): Asking {
    const asking = new Asking();
    host.append(asking);
    return asking;
  }

  it('tells whoever asks below the client there is, and each next one', () => {
    const early = ask();
    expect(early.client).to.equal(undefined);
    provider.set(clients[0]!);
    const late = ask();
    expect([early.client, late.client]).to.deep.equal([clients[0], clients[0]]);
    provider.set(clients[1]!);
    expect([early.client, late.client]).to.deep.equal([clients[1], clients[1]]);
  });

  it('tells nothing to those that have left, until they are back', () => {
    const asking = ask();
    provider.set(clients[0]!);
    asking.remove();
    provider.set(clients[1]!);
    expect(asking.client).to.equal(clients[0]);
    host.append(asking);
    expect(asking.client).to.equal(clients[1]);
  });
});
