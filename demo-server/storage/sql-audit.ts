import type { Kysely, UpdateResult } from 'kysely';
import { type AuditChain, type AuditLink, beginning, checkChain, type AuditFinding } from '../audit/chain.ts';
import { BulkInsert, Prepared } from './prepared.ts';
import type { AuditRow, Schema } from './schema.ts';
import type { AuditFilter, AuditRecord } from './storage.ts';

/** Audit rows of a transaction, chained and written at its end. */
export class SqlAudit {
  readonly #db: Kysely<Schema>;
  readonly #chain: AuditChain;
  #unwritten: AuditRecord[] = [];

  constructor(db: Kysely<Schema>, chain: AuditChain) {
    this.#db = db;
    this.#chain = chain;
  }

  add(record: AuditRecord): void {
    this.#unwritten.push(record);
  }

  async flush(): Promise<void> {
    if (this.#unwritten.length === 0) return;
    let head = await readHead(this.#db);
    if (head === undefined) throw new Error('The head of the audit log is gone.');
    const rows: AuditRow[] = [];
    for (const { threadId, ...record } of this.#unwritten) {
      const seq: number = head.seq + 1;
      const mac = this.#chain.macOf(head.mac, { ...record, seq, threadId });
      rows.push({ ...record, seq, thread_id: threadId, mac });
      head = { seq, mac, seal: mac };
    }
    this.#unwritten = [];
    await insertAudit.run(this.#db, rows);
    await moveHead.all(this.#db, { seq: head.seq, mac: head.mac, seal: this.#chain.sealHead(head) });
  }
}

/** The head of a log that nothing was written to yet. */
export async function beginAudit(db: Kysely<Schema>, chain: AuditChain): Promise<void> {
  await db
    .insertInto('audit_head')
    .values({ id: 1, ...beginning, seal: chain.sealHead(beginning) })
    .execute();
}

export async function auditPage(
  db: Kysely<Schema>,
  { actor, threadId, after, limit }: AuditFilter,
): Promise<readonly (AuditRecord & { readonly seq: number })[]> {
  let query = db.selectFrom('audit').selectAll().where('seq', '>', after);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (threadId !== undefined) query = query.where('thread_id', '=', threadId);
  const rows = await query.orderBy('seq').limit(limit).execute();
  return rows.map((row) => linkOf(row));
}

/** Reads the whole log, page by page, and says where it first breaks. */
export async function checkAudit(db: Kysely<Schema>, chain: AuditChain): Promise<AuditFinding> {
  const head = await readHead(db);
  return checkChain(chain, rowsUpTo(db, head?.seq ?? Number.MAX_SAFE_INTEGER), head);
}

/** A server may be writing on; what came after the head was read is for the next check. */
async function* rowsUpTo(db: Kysely<Schema>, last: number) {
  for (let after = 0; ;) {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', after)
      .where('seq', '<=', last)
      .orderBy('seq')
      .limit(1_000)
      .execute();
    for (const row of rows) yield { ...linkOf(row), mac: row.mac };
    const lastRow = rows.at(-1);
    if (lastRow === undefined) return;
    after = lastRow.seq;
  }
}

type Head = { seq: number; mac: Uint8Array; seal: Uint8Array };

const readHead = (db: Kysely<Schema>) => head.first(db, {});

const head = new Prepared<object, Head>((db) => db.selectFrom('audit_head').select(['seq', 'mac', 'seal']));

const moveHead = new Prepared<Head, UpdateResult>((db, value) =>
  db.updateTable('audit_head').set({ seq: value('seq'), mac: value('mac'), seal: value('seal') }),
);

const insertAudit = new BulkInsert<AuditRow>(
  ['seq', 'at', 'actor', 'action', 'thread_id', 'subject', 'mac'],
  (db, rows) => db.insertInto('audit').values(rows),
);

function linkOf({ seq, at, actor, action, thread_id, subject }: AuditRow): AuditLink {
  return { seq, at, actor, action, threadId: thread_id, subject };
}
