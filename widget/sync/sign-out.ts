import type { Cache } from '../cache/cache.ts';
import type { Device } from '../cache/database.ts';
import { noteLeaving } from '../cache/last-left.ts';
import { deviceOf, empty, holdsUnsent, remove } from '../cache/shred.ts';
import type { MessagesApi } from '../transport/messages-api.ts';

/** Who leaves: a person at an API. Nobody in particular where it is not known who was there. */
export type Whose = { readonly apiUrl: string; readonly personId: string | undefined };

const database = 'grow-messages';
const channelName = 'grow-messages sign-out';

/** How long the server may take over a key. The device forgets all the same, and owes it that. */
const shreddedWithin = 10_000;

/** Whether words would be lost: in this cache, or sealed on the device, by whichever tab. */
export async function isUnsent(cache: Cache | undefined): Promise<boolean> {
  if (cache?.holdsUnsent) return true;
  return holdsUnsent(database).catch(() => false);
}

/**
 * Has this device forget whose messages it held, first on every screen, then on its disk. Never rejects. `leave` has
 * this tab do so; `channel` is the one by which this tab itself hears of others.
 */
export async function forget(
  api: MessagesApi,
  whose: Whose,
  leave: () => Promise<void>,
  channel = openChannel(),
): Promise<void> {
  const shredding = shred(api);
  tellOthers(whose, channel);
  await leave();
  await shredding;
  // The page still has its session: a tab that began meanwhile may have got the key that is destroyed by now.
  tellOthers(whose, channel);
}

/**
 * Destroys the key that this device's records are sealed with, then has them go. Never rejects: where nobody
 * answers, the records go all the same and the key is noted, to be destroyed when the same person comes next.
 */
async function shred(api: MessagesApi): Promise<void> {
  const device = await deviceOf(database).catch(() => undefined);
  if (!device) return;
  const outcome = await soon(shredOwn(api, device));
  if (outcome === 'not ours') return;
  const isShredded = outcome === 'shredded';
  await empty(database, isShredded ? undefined : device.keyId).catch(() => undefined);
  if (isShredded && !device.owed) await remove(database);
}

/** Whoever is signed in destroys no key but their own: another may have come to use this device. */
async function shredOwn(api: MessagesApi, { deviceId, keyId }: Device): Promise<'shredded' | 'not ours'> {
  if (keyId === undefined) return 'shredded';
  if ((await api.cacheKey(deviceId)).keyId !== keyId) return 'not ours';
  await api.shredKey(deviceId);
  return 'shredded';
}

async function soon<Outcome>(doing: Promise<Outcome>): Promise<Outcome | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, shreddedWithin, undefined);
  });
  return Promise.race([doing.catch(() => undefined), late]).finally(() => clearTimeout(timer));
}

/** Where this browser's tabs tell each other of sign-outs: who, and where, nothing else. */
export function openChannel(): BroadcastChannel | undefined {
  return 'BroadcastChannel' in globalThis ? new BroadcastChannel(channelName) : undefined;
}

/** Tells the other tabs that this one's person signs out, and those that can't hear it yet that somebody did. */
export function tellOthers({ apiUrl, personId }: Whose, channel = openChannel()): void {
  noteLeaving();
  channel?.postMessage({ apiUrl: addressOf(apiUrl), personId } satisfies Whose);
}

/** Whether somebody who signed out elsewhere is, or may be, who is here. */
export function isSame({ apiUrl, personId }: Whose, left: Whose): boolean {
  const isOther = personId !== undefined && left.personId !== undefined && personId !== left.personId;
  return addressOf(apiUrl) === left.apiUrl && !isOther;
}

function addressOf(apiUrl: string): string {
  return new URL(apiUrl, document.baseURI).href;
}
