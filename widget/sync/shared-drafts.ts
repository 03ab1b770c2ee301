import { filesOf } from '../cache/attached-file.ts';
import type { Cache } from '../cache/cache.ts';

/**
 * Shares the drafts of all tabs that have them on this device, until the function that this returns is called: what was
 * begun in one is there in another as soon as somebody comes to it.
 */
export function shareDrafts(cache: Cache): () => void {
  const taken = new Map<string, string>();
  // What belongs to somebody else by now is none of ours.
  const look = () => void takeOver(cache, taken).catch(() => undefined);
  const ending = new AbortController();
  // A phone may say the one of a tab, two windows side by side the other.
  for (const type of ['visibilitychange', 'focus']) addEventListener(type, look, ending);
  return () => ending.abort();
}

/**
 * Takes over what other tabs made of the drafts. What was typed here is not given up for that: where both have words, both
 * stay. `taken` remembers what was taken over as it was, and typed nowhere here. Rejects where the device is somebody
 * else's.
 */
export async function takeOver(cache: Cache, taken: Map<string, string>): Promise<void> {
  const had = new Map(cache.drafts);
  // Once what was written here is stored: what was sent just now is not to come back.
  await cache.readOutbox();
  const stored = (await cache.records.readAll('drafts')) as readonly { threadId: string; text: string }[];
  const drafts = new Map(stored.map(({ threadId, text }) => [threadId, text]));
  for (const place of [...taken.keys(), ...drafts.keys()]) {
    const theirs = drafts.get(place) ?? '';
    const ours = cache.drafts.get(place) ?? '';
    const isTyped = ours !== (taken.get(place) ?? '');
    const isKnown = theirs === ours || (isTyped && ours.includes(theirs));
    const wasSent = had.has(place) && !ours;
    if (isKnown || wasSent || place.startsWith(filesOf(''))) continue;
    const isTheirs = !isTyped || theirs.includes(ours);
    const both = isTheirs ? theirs : `${theirs}\n${ours}`;
    if (isTheirs) taken.set(place, theirs);
    // Theirs is stored already, and they may have gone on with it meanwhile.
    await Promise.all([isTheirs || cache.storeDraft(place, both), cache.adoptDraft(place, both)]);
  }
}
