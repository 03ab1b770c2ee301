import { type Compilable, type CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from './schema.ts';

/** Stands in a query for a value that is only known when it is asked. */
class Slot {
  readonly name: PropertyKey;

  constructor(name: PropertyKey) {
    this.name = name;
  }
}

/**
 * A query that is built once and asked with other values ever after: building one costs several times
 * what SQLite needs to answer it.
 */
export class Prepared<Values extends object, Row> {
  readonly #build: Build<Values, Row>;
  readonly #compiled = new Map<unknown, CompiledQuery<Row>>();

  constructor(build: Build<Values, Row>) {
    this.#build = build;
  }

  async all(db: Kysely<Schema>, values: Values): Promise<readonly Row[]> {
    const compiled = this.#compiledFor(db);
    const parameters = compiled.parameters.map((parameter) =>
      parameter instanceof Slot ? values[parameter.name as keyof Values] : parameter,
    );
    const asked: CompiledQuery<Row> = { ...compiled, parameters };
    return (await db.executeQuery(asked)).rows;
  }

  async first(db: Kysely<Schema>, values: Values): Promise<Row | undefined> {
    return (await this.all(db, values))[0];
  }

  #compiledFor(db: Kysely<Schema>): CompiledQuery<Row> {
    const dialect = dialectOf(db);
    const known = this.#compiled.get(dialect);
    if (known !== undefined) return known;
    const compiled = this.#build(db, (name) => new Slot(name) as never).compile();
    this.#compiled.set(dialect, compiled);
    return compiled;
  }
}

/**
 * Inserts many rows in few statements. Rows go in blocks of 128, 64, 32 …: whatever their number,
 * there are only eight statements to build and to keep prepared.
 */
export class BulkInsert<Row extends object> {
  readonly #columns: readonly (keyof Row)[];
  readonly #build: (db: Kysely<Schema>, rows: readonly Row[]) => Compilable<unknown>;
  readonly #compiled = new Map<unknown, Map<number, CompiledQuery<unknown>>>();

  constructor(
    columns: readonly (keyof Row)[],
    build: (db: Kysely<Schema>, rows: readonly Row[]) => Compilable<unknown>,
  ) {
    this.#columns = columns;
    this.#build = build;
  }

  async run(db: Kysely<Schema>, rows: readonly Row[]): Promise<void> {
    let done = 0;
    for (let size = 128; done < rows.length; size /= 2) {
      while (rows.length - done >= size) {
        const parameters: unknown[] = [];
        for (const row of rows.slice(done, done + size)) {
          for (const column of this.#columns) parameters.push(row[column]);
        }
        await db.executeQuery({ ...this.#compiledFor(db, size), parameters });
        done += size;
      }
    }
  }

  #compiledFor(db: Kysely<Schema>, size: number): CompiledQuery<unknown> {
    const dialect = dialectOf(db);
    const bySize = this.#compiled.get(dialect) ?? new Map<number, CompiledQuery<unknown>>();
    this.#compiled.set(dialect, bySize);
    const known = bySize.get(size);
    if (known !== undefined) return known;
    const blank = Object.fromEntries(this.#columns.map((column) => [column, new Slot(column)])) as Row;
    const compiled = this.#build(
      db,
      Array.from({ length: size }, () => blank),
    ).compile();
    bySize.set(size, compiled);
    return compiled;
  }
}

type Build<Values, Row> = (db: Kysely<Schema>, value: ValueOf<Values>) => Compilable<Row>;

/** Names a value where the query takes one. */
export type ValueOf<Values> = <Name extends keyof Values>(name: Name) => Values[Name];

/** SQLite plans a query anew for every value that it finds as its limit; at the end of a cast it looks for none. */
export function upTo(limit: number): RawBuilder<number> {
  return sql<number>`cast(${limit} as bigint)`;
}

/** The same for every connection of one kind of database, whose SQL is the same too. */
function dialectOf(db: Kysely<Schema>): unknown {
  return db.getExecutor().adapter.constructor;
}
