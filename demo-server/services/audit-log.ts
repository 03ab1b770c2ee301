import type { AuditEntry } from '../../protocol/audit-entry.ts';
import { pageSize } from '../../protocol/limits.ts';
import type { Storage } from '../storage/storage.ts';
import { momentOnWire } from './wire.ts';

export type AuditQuery = {
  readonly person?: string | undefined;
  readonly thread?: string | undefined;
  readonly after: number;
};

/** Who did what, when; for the portal to look through. */
export class AuditLog {
  readonly #storage: Pick<Storage, 'auditPage'>;

  constructor(storage: Pick<Storage, 'auditPage'>) {
    this.#storage = storage;
  }

  async page({
    person,
    thread,
    after,
  }: AuditQuery): Promise<{ readonly entries: readonly AuditEntry[]; readonly hasMore: boolean }> {
    const limit = pageSize.max;
    const found = await this.#storage.auditPage({ actor: person, threadId: thread, after, limit: limit + 1 });
    const entries = found.slice(0, limit).map(({ seq, at, actor, action, threadId }) => ({
      seq,
      at: momentOnWire(at),
      actor,
      action,
      ...(threadId !== null && { thread: threadId }),
    }));
    return { entries, hasMore: found.length > limit };
  }
}
