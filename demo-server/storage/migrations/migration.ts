import type { ColumnDataType, Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** One numbered step. Once released it never changes; what comes later is another step. */
export type Migration = {
  readonly name: string;
  /** `bytes` is what this database calls a column of bytes. */
  readonly up: (db: Kysely<Schema>, bytes: ColumnDataType) => Promise<void>;
};
