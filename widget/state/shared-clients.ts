import { subjectOf } from '../transport/token-subject.ts';
import { MessagingClient, type ClientSettings } from './messaging-client.ts';

/** A client that somebody on this page uses, and how many do. */
type Shared = { settings: ClientSettings; readonly client: MessagingClient; users: number };

/** What tells one client from another. */
const names = ['apiUrl', 'tokenUrl', 'getToken', 'cache', 'token'] as const;

/** Those of this page, oldest first; and who wants to know of the next. */
export const shared: Shared[] = [];
export const newcomers = new Set<() => void>();

/** A client for these settings: the one that is there, or a new one, started. Given back with `release`. */
export function acquire(settings: ClientSettings): MessagingClient {
  let found = shared.find((candidate) => isSame(candidate.settings, settings));
  if (found) found.users += 1;
  else {
    found = { settings, client: new MessagingClient(settings), users: 1 };
    shared.push(found);
    found.client.start().catch(reportError);
    for (const tell of [...newcomers]) tell();
  }
  return found.client;
}

/** Gives a client its person's next token. Says no where the token is another's, or doesn't tell whose. */
function renew(client: MessagingClient, token: string): boolean {
  const found = shared.find((candidate) => candidate.client === client);
  const subject = subjectOf(token);
  if (!found || subject === undefined || subject !== subjectOf(found.settings.token)) return false;
  found.settings = { ...found.settings, token };
  client.offer(token);
  return true;
}

/** What an element says of its client. An attribute that was taken away is null; it counts as never given. */
export function settingsOf(element: ClientSettings): ClientSettings {
  return Object.fromEntries(names.map((name) => [name, element[name] ?? undefined])) as ClientSettings;
}

/** Whether an element of which this changed needs another client. Its person's next token, this one takes. */
export function needsOther(
  changed: ReadonlyMap<PropertyKey, unknown>,
  { token }: ClientSettings,
  client: MessagingClient | undefined,
): boolean {
  return names.some(
    (name) => changed.has(name) && !(name === 'token' && client && token && renew(client, token)),
  );
}

/** Gives a client back. The last to do so stops it, unless somebody takes it in the same breath. */
export function release(client: MessagingClient): void {
  const found = shared.find((candidate) => candidate.client === client);
  if (!found) return;
  found.users -= 1;
  // An element that is moved on the page leaves and comes back within one task.
  queueMicrotask(() => {
    if (found.users > 0 || !shared.includes(found)) return;
    shared.splice(shared.indexOf(found), 1);
    client.stop().catch(reportError);
  });
}

function isSame(a: ClientSettings, b: ClientSettings): boolean {
  return names.every((name) => a[name] === b[name]);
}
