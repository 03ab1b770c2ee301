import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** One row as the chain sees it. */
export type AuditLink = {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly threadId: string | null;
  readonly subject: string | null;
};

export type AuditHead = { readonly seq: number; readonly mac: Uint8Array };

/** What the first row follows. */
export const beginning: AuditHead = { seq: 0, mac: Buffer.alloc(32) };

/**
 * Every row carries a keyed hash over the row before it and itself, and the head says which row is the
 * last. Without the key no row can be changed, taken out or put elsewhere unseen, the last one included.
 */
export class AuditChain {
  readonly #key: KeyObject;

  constructor(key: Uint8Array) {
    this.#key = createSecretKey(key);
  }

  macOf(previous: Uint8Array, { seq, at, actor, action, threadId, subject }: AuditLink): Buffer {
    return createHmac('sha256', this.#key)
      .update(previous)
      .update(JSON.stringify([seq, at, actor, action, threadId, subject]))
      .digest();
  }

  sealHead({ seq, mac }: AuditHead): Buffer {
    return createHmac('sha256', this.#key).update(`head ${seq} `).update(mac).digest();
  }
}

export type AuditFinding =
  | { readonly sound: true; readonly rows: number }
  | { readonly sound: false; readonly seq: number; readonly why: string };

/** Walks the whole log and says where it first breaks. */
export async function checkChain(
  chain: AuditChain,
  rows: AsyncIterable<AuditLink & { readonly mac: Uint8Array }>,
  head: (AuditHead & { readonly seal: Uint8Array }) | undefined,
): Promise<AuditFinding> {
  let last = beginning;
  for await (const row of rows) {
    if (row.seq !== last.seq + 1) {
      return { sound: false, seq: last.seq + 1, why: 'the row is missing' };
    }
    if (!isSame(row.mac, chain.macOf(last.mac, row))) {
      return { sound: false, seq: row.seq, why: 'the row, or the one before it, is not what was written' };
    }
    last = row;
  }
  if (head === undefined) return { sound: false, seq: last.seq, why: 'the head of the log is gone' };
  if (!isSame(head.seal, chain.sealHead(head))) {
    return { sound: false, seq: head.seq, why: 'the head of the log is not what was written' };
  }
  if (head.seq !== last.seq || !isSame(head.mac, last.mac)) {
    return { sound: false, seq: last.seq + 1, why: 'the end of the log was cut off' };
  }
  return { sound: true, rows: last.seq };
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}
