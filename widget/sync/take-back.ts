import type { Cache } from '../cache/cache.ts';
import type { OutboxEntry } from '../cache/outbox-entry.ts';
import { onlyApiErrors } from '../transport/api-error.ts';
import type { MessagesApi } from '../transport/messages-api.ts';
import { longestPage } from './history.ts';
import type { Outbox } from './outbox.ts';

/** Out of what something is taken back, and whom to ask whether it has arrived. */
export type Taking = { readonly cache: Cache; readonly outbox: Outbox; readonly api: MessagesApi };

/**
 * Takes back what was refused: its words are the caller's from now on. What stood behind it goes on. What may have
 * arrived, or may yet, stays where it is, and there are no words: whoever sent them again would say them twice.
 */
export async function takeBack({ cache, outbox, api }: Taking, id: string): Promise<string> {
  if (cache.outbox.some((entry) => entry.id === id && entry.files)) await outbox.filesReady();
  const entry = (await cache.readOutbox()).find((stored) => stored.id === id);
  // Another tab may have sent it meanwhile, or may be about to: then it is stored as waiting.
  if (entry?.state !== 'refused') return '';
  if (entry.code === 'unavailable' && !(await isMissing(entry, cache, api))) return '';
  const taken = await cache.takeFromOutbox(id);
  void outbox.drain();
  return taken?.text ?? '';
}

/** Whether the server certainly does not have what it never answered. What it has is received. */
async function isMissing(entry: OutboxEntry, cache: Cache, api: MessagesApi): Promise<boolean> {
  const page = await api.messages(entry.threadId, { limit: longestPage }).catch(onlyApiErrors);
  if (!page) return false;
  const { messages, hasMore } = page;
  const found = messages.filter(({ id }) => id === entry.id);
  await cache.receive({ messages: found });
  const [oldest] = messages;
  const isAll = !hasMore || (oldest !== undefined && oldest.sentAt < entry.writtenAt);
  return isAll && found.length === 0;
}
