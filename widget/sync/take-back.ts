import type { Cache } from '../cache/cache.ts';
import type { OutboxEntry } from '../cache/outbox-entry.ts';
import { onlyApiErrors } from '../transport/api-error.ts';
import type { MessagesApi } from '../transport/messages-api.ts';
import { longestPage } from './history.ts';
import { alone, type Outbox } from './outbox.ts';

/** Out of what something is taken back, and whom to ask whether it has arrived. */
export type Taking = { readonly cache: Cache; readonly outbox: Outbox; readonly api: MessagesApi };

/**
 * Takes back what was refused, and says whether it did: its words stand before those of the thread's draft from then
 * on. What stood behind it goes on. What may have arrived, or may yet, stays where it is: whoever sent its words again
 * would say them twice.
 */
export async function takeBack({ cache, outbox, api }: Taking, id: string): Promise<boolean> {
  if (cache.outbox.some((entry) => entry.id === id && entry.files)) await outbox.filesReady();
  const entry = await findRefused(cache, id);
  if (entry?.code === 'unavailable' && !(await isMissing(entry, cache, api))) return false;
  const isTaken = await alone(cache, () => take(cache, id), 'decide');
  void outbox.drain();
  return isTaken;
}

/** Takes it out, where it is still refused. Resolves once no tab can find it there. */
async function take(cache: Cache, id: string): Promise<boolean> {
  const entry = await findRefused(cache, id);
  if (!entry) return false;
  const { threadId, text } = entry;
  // In this order: whoever comes back after a crash in between finds the words twice, not gone.
  await cache.storeDraft(threadId, [text, cache.drafts.get(threadId)].filter(Boolean).join('\n'));
  await cache.takeFromOutbox(id);
  await cache.readOutbox();
  return true;
}

/** As it is stored: another tab may have sent it meanwhile, or may be about to. */
async function findRefused(cache: Cache, id: string): Promise<OutboxEntry | undefined> {
  return (await cache.readOutbox()).find((stored) => stored.id === id && stored.state === 'refused');
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
