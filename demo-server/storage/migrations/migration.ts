import type { ColumnDataType, Kysely, RawBuilder } from 'kysely';
import type { Schema } from '../schema.ts';

/** What differs between databases where tables are made. */
export type TableDialect = {
  /** A column of bytes. */
  readonly bytes: ColumnDataType;
  /** Said at the end of a table whose rows lie in the order of its key; nothing where there is no such thing. */
  readonly inKeyOrder: RawBuilder<unknown>;
};

/** One numbered step. Once released it never changes; what comes later is another step. */
export type Migration = {
  readonly name: string;
  readonly up: (db: Kysely<Schema>, dialect: TableDialect) => Promise<void>;
};
