import type { Cache } from '../cache/cache.ts';
import type { Outbox } from './outbox.ts';

/** Takes back what was not sent: its words are the caller's from now on. What stood behind it goes on. */
export async function takeBack(cache: Cache, outbox: Outbox, id: string): Promise<string> {
  if (cache.outbox.some((entry) => entry.id === id && entry.files)) await outbox.filesReady();
  const stored = await cache.readOutbox();
  // Another tab may have sent it meanwhile.
  const entry = stored.some((other) => other.id === id) ? await cache.takeFromOutbox(id) : undefined;
  void outbox.drain();
  return entry?.text ?? '';
}
