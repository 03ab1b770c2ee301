import type { ContextCallback } from '@lit/context';
import { clientContext } from './state/client-context.ts';
import type { MessagingClient } from './state/messaging-client.ts';

type Listener = ContextCallback<MessagingClient | undefined>;

/**
 * Hands its host's client to whoever asks for it below, and to those who want to know each next one. The few lines of
 * Lit's `ContextProvider` that are needed where nobody below provides another.
 */
export class ClientProvider {
  readonly #leaves = new Map<Listener, () => void>();
  #client: MessagingClient | undefined;

  constructor(host: HTMLElement) {
    host.addEventListener('context-request', (event) => {
      if ((event.context as unknown) !== clientContext) return;
      event.stopPropagation();
      const listener = event.callback as Listener;
      const leave = this.#leaves.get(listener) ?? (() => void this.#leaves.delete(listener));
      if (event.subscribe) this.#leaves.set(listener, leave);
      listener(this.#client, leave);
    });
  }

  set(client: MessagingClient): void {
    this.#client = client;
    for (const [listener, leave] of this.#leaves) listener(client, leave);
  }
}
