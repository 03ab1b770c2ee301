import type { MessagingClient } from './messaging-client.ts';
import { newcomers, shared } from './shared-clients.ts';

/**
 * The newest client that somebody uses, to use it as well: give it back like any other. Of this API, or of any
 * where that is empty.
 */
export function acquireAny(apiUrl: string): MessagingClient | undefined {
  const found = shared.findLast(({ settings, users }) => users && (!apiUrl || settings.apiUrl === apiUrl));
  if (found) found.users += 1;
  return found?.client;
}

/** Calls back when a client is made, until the function that this returns is called. */
export function onNewClient(tell: () => void): () => void {
  newcomers.add(tell);
  return () => newcomers.delete(tell);
}
