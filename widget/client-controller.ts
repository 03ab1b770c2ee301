import type { LitElement, ReactiveController } from 'lit';
import type { Me } from '../protocol/me.ts';
import type { Inbox } from './cache/inbox.ts';
import { ClientProvider } from './client-provider.ts';
import type { ClientListener, ClientSettings, MessagingClient, Session } from './state/messaging-client.ts';
import { acquire, needsOther, release, settingsOf } from './state/shared-clients.ts';
import { StoreController } from './state/store-controller.ts';
import type { Connection } from './sync/sync-loop.ts';

type Host = LitElement & ClientSettings & { readonly threadId: string };

/** The client that its host's attributes ask for: taken as the host comes, given back as it goes. */
export class ClientController implements ReactiveController {
  readonly #host: Host;
  readonly #listener: ClientListener;
  readonly #provider: ClientProvider;
  readonly #session: StoreController<Session>;
  readonly #connection: StoreController<Connection>;
  readonly #inbox: StoreController<Inbox | undefined>;
  readonly #me: StoreController<Me | undefined>;
  #client: MessagingClient | undefined;
  #unlisten: (() => void) | undefined;

  constructor(host: Host, listener: ClientListener) {
    this.#host = host;
    this.#listener = listener;
    this.#provider = new ClientProvider(host);
    this.#session = new StoreController(host);
    this.#connection = new StoreController(host);
    this.#inbox = new StoreController(host);
    this.#me = new StoreController(host);
    host.addController(this);
  }

  get value(): MessagingClient | undefined {
    return this.#client;
  }

  get session(): Session | undefined {
    return this.#session.value;
  }

  get connection(): Connection | undefined {
    return this.#connection.value;
  }

  get inbox(): Inbox | undefined {
    return this.#inbox.value;
  }

  get me(): Me | undefined {
    return this.#me.value;
  }

  hostConnected(): void {
    if (this.#host.hasUpdated) this.#connect();
  }

  hostDisconnected(): void {
    this.#unlisten?.();
    if (this.#client) release(this.#client);
    this.#client = undefined;
  }

  /** To be called when the host's properties have changed: they may ask for another client. */
  follow(changed: ReadonlyMap<PropertyKey, unknown>): void {
    const isOther = needsOther(changed, this.#host, this.#client);
    // Taken off the page before it was ever drawn, or given other settings there: nobody would let go.
    if (this.#host.isConnected && (isOther || !this.#client)) this.#connect();
  }

  /** As somebody asks who sees that it failed, ended or takes long. */
  tryAgain(): void {
    if (this.session === 'unreachable') this.#client?.wake();
    else this.#client?.start().catch(reportError);
  }

  #connect(): void {
    const isLocked = this.session === 'locked';
    this.hostDisconnected();
    const client = acquire(settingsOf(this.#host));
    this.#client = client;
    // The page may set what it likes: what was put out of sight is shown again when somebody asks for that.
    if (isLocked) void client.lock();
    if (this.#host.threadId !== '') client.expect(this.#host.threadId);
    this.#provider.set(client);
    this.#session.follow(client.session);
    this.#connection.follow(client.connection);
    this.#inbox.follow(client.inbox);
    this.#me.follow(client.me);
    this.#unlisten = client.listen(this.#listener);
  }
}
