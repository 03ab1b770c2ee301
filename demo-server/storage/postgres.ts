import { randomUUID } from 'node:crypto';
import { Kysely, PostgresDialect, type PostgresPool, sql } from 'kysely';
import pg from 'pg';
import type { Engine } from './engine.ts';
import type { Schema } from './schema.ts';
import type { News } from './storage.ts';

export type PostgresOptions = {
  /** How often, in milliseconds, to make sure that news still get through, and how long that may take. */
  readonly pulse?: number;
  /** How long, in milliseconds, an answer may take before the connection counts as dead. */
  readonly silence?: number;
};

/** A database that several server processes may share. */
export function openPostgres(
  url: string,
  { pulse = 10_000, silence = 35_000 }: PostgresOptions = {},
): Engine {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    keepAlive: true,
    keepAliveInitialDelayMillis: idleTrusted,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    // Where not even that is heard of: the database hangs, or the network lost its answer.
    query_timeout: silence,
    // A process that hangs in the middle of a transaction would hold everybody's lock.
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'grow-messages',
    types: { getTypeParser: parserOf },
  });
  // An idle connection that breaks is replaced; without a listener the process would end.
  pool.on('error', () => undefined);
  // One that breaks while it is used has its query fail, which is all we need to know.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const connect = async () => new Connection(await pool.connect());
  const watched = { connect, end: () => pool.end(), options: pool.options };
  // It is all of a pool that Kysely uses without cursors.
  const dialect = new PostgresDialect({ pool: watched as unknown as PostgresPool });
  const db = new Kysely<Schema>({ dialect });
  const listener = new NewsListener(url, pulse);

  return {
    reader: db,
    dialect: { bytes: 'bytea', inKeyOrder: sql`` },

    transaction: (run) =>
      db.transaction().execute(async (transaction) => {
        await sql`select pg_advisory_xact_lock(${sql.lit(writeLock)}), ${syncedCommit}`.execute(transaction);
        return run(transaction);
      }),

    async announce(connection, news) {
      for (const payload of payloadsOf(news, listener.id)) {
        await sql`select pg_notify(${channel}, ${payload})`.execute(connection);
      }
    },

    onNews: (hear) => listener.start(hear),
    isTrouble,

    async close() {
      await listener.stop();
      await db.destroy();
    },
  };
}

/** An answer means the rows would survive the power going off, whatever is usual in this database; more may be. */
const syncedCommit = sql`set_config(
  'synchronous_commit',
  case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end,
  true
)`;

/** Any number that nobody else locks in this database. */
const writeLock = 4_769_001;
const channel = 'grow_messages_news';
const maxPayloadBytes = 7_500;
/** After so long without a word, the system makes sure that the other end is there, and else breaks the connection. */
const idleTrusted = 5_000;

/**
 * A connection of the pool's. node-postgres gives up on an answer and not on the connection: whoever had that next
 * would wait behind the answer that never came, as would the one who wants to roll back.
 */
class Connection {
  readonly #client: pg.PoolClient;
  #isDead = false;

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  async query(text: string, values: unknown[]): Promise<pg.QueryResult> {
    if (this.#isDead) throw new Error(unanswered);
    try {
      return await this.#client.query(text, values);
    } catch (error) {
      this.#isDead = error instanceof Error && error.message === unanswered;
      throw error;
    }
  }

  release(isUnwanted = false): void {
    this.#client.release(isUnwanted || this.#isDead);
  }
}

/** What node-postgres says where it has waited long enough; it has no code for that. */
const unanswered = 'Query read timeout';

/** PostgreSQL keeps 8 bytes where we count; what we count stays far below 2^53. */
function parserOf(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  const int8: number = pg.types.builtins.INT8;
  return oid === int8 ? Number : (pg.types.getTypeParser(oid, format) as (value: string) => unknown);
}

/**
 * A connection of its own that listens, comes back by itself, and then says that it may have missed
 * something. A connection can be dead without anybody saying so; one that only listens would never find out,
 * so it asks.
 */
class NewsListener {
  /** A process need not hear what it said itself. */
  readonly id = randomUUID();
  readonly #url: string;
  readonly #pulse: number;
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #asking: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(url: string, pulse: number) {
    this.#url = url;
    this.#pulse = pulse;
  }

  start(hear: (news: News) => void, attempt = 0): void {
    if (this.#stopped) return;
    const client = new pg.Client({
      connectionString: this.#url,
      keepAlive: true,
      keepAliveInitialDelayMillis: idleTrusted,
      connectionTimeoutMillis: 5_000,
      query_timeout: this.#pulse,
      application_name: 'grow-messages news',
    });
    this.#client = client;
    let failures = attempt;
    const tryAgain = () => {
      if (this.#client !== client || this.#stopped) return;
      this.#client = undefined;
      clearInterval(this.#asking);
      client.end().catch(() => undefined);
      this.#retry = setTimeout(() => this.start(hear, failures + 1), Math.min(100 * 2 ** failures, 10_000));
    };
    client.on('error', tryAgain);
    client.on('end', tryAgain);
    client.on('notification', ({ payload }) => {
      const { from, ...news } = JSON.parse(payload ?? '{}') as News & { readonly from: string };
      if (from !== this.id) hear(news);
    });
    client
      .connect()
      .then(async () => {
        await client.query(`listen ${channel}`);
        failures = 0;
        this.#asking = setInterval(() => void client.query('select 1').catch(tryAgain), this.#pulse).unref();
        hear({ personIds: 'everyone', revoked: true });
      })
      .catch(tryAgain);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    clearInterval(this.#asking);
    await this.#client?.end().catch(() => undefined);
  }
}

/** NOTIFY carries less than 8,000 bytes, so news for many people goes in several. */
function* payloadsOf({ personIds, revoked }: News, from: string): Iterable<string> {
  const envelope = (ids: News['personIds']) => JSON.stringify({ from, personIds: ids, revoked });
  if (personIds === 'everyone') {
    yield envelope(personIds);
    return;
  }
  let part: string[] = [];
  let bytes = 0;
  for (const id of personIds) {
    const size = Buffer.byteLength(JSON.stringify(id)) + 1;
    if (bytes + size > maxPayloadBytes) {
      yield envelope(part);
      part = [];
      bytes = 0;
    }
    part.push(id);
    bytes += size;
  }
  if (part.length > 0 || revoked) yield envelope(part);
}

/** Connection, resources, an operator's hand, the system, and transactions ended from outside. */
const troubleClasses = /^(08|53|57|58|40|25P0|55P03)/;
const networkCodes = /^(E[A-Z]+)$/;

function isTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string') {
    return troubleClasses.test(error.code) || networkCodes.test(error.code);
  }
  // node-postgres has no code for these.
  return /^(Connection terminated|timeout e|Query read timeout|Client has encountered a connection error)/.test(
    error.message,
  );
}
