import { randomBytes, randomUUID } from 'node:crypto';
import type { CacheKey } from '../../protocol/cache-key.ts';
import type { Acts } from './acts.ts';
import { admit, type Session } from './sessions.ts';
import { momentOnWire } from './wire.ts';

const day = 24 * 3_600_000;
/** How long a key outlives the last time that it was asked for. */
const keyLifetime = 30 * day;
/** Enough for everybody's devices, and an end to it. */
const maxDevices = 100;

/** The keys that people's devices seal what they remember with. */
export class Devices {
  readonly #acts: Acts;

  constructor(acts: Acts) {
    this.#acts = acts;
  }

  /** Made on first asking, then the same for as long as it is asked for: words that wait are sealed with it. */
  issueKey(session: Session, deviceId: string): Promise<CacheKey> {
    return this.#acts.perform(session, { action: 'cache-key.issue' }, async ({ people, cacheKeys }) => {
      const { id } = admit(session, await people.find(session.personId));
      const now = this.#acts.now();
      let record = await cacheKeys.find(id, deviceId);
      if (record === undefined || record.expiresAt <= now) {
        record = { keyId: randomUUID(), key: randomBytes(32), issuedAt: now, expiresAt: now + keyLifetime };
        await cacheKeys.put(id, deviceId, record, maxDevices);
      } else if (record.expiresAt <= now + keyLifetime - day) {
        record = { ...record, expiresAt: now + keyLifetime };
        await cacheKeys.put(id, deviceId, record, maxDevices);
      }
      return {
        keyId: record.keyId,
        key: Buffer.from(record.key).toString('base64'),
        expiresAt: momentOnWire(record.expiresAt),
      };
    });
  }

  /** Where there is no key any more, nothing happens. */
  shredKey(session: Session, deviceId: string): Promise<void> {
    return this.#acts.perform(session, { action: 'cache-key.shred' }, async ({ people, cacheKeys }) => {
      const { id } = admit(session, await people.find(session.personId));
      await cacheKeys.remove(id, deviceId);
    });
  }
}
