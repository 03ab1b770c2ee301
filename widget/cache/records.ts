/**
 * The drawers of a device's memory: what can be fetched again, and three of what exists only here. Files are
 * bytes, in pieces; the others hold anything that JSON can say.
 */
export type Drawer = 'records' | 'outbox' | 'drafts' | 'files';

/** A record as it is to be from now on; undefined takes it away. */
export type Change = {
  readonly drawer: Drawer;
  readonly name: string;
  readonly value: unknown;
  /** Only where there is one of that name: a tab that shares these records may have taken it away. */
  readonly isUpdate?: boolean;
  /** Taken away only where it still says this, or can't be read: such a tab may have put another in its place. */
  readonly was?: unknown;
};

/** Named values on this device. What they mean is the cache's business. */
export interface Records {
  /** Whether nothing was in here when it was opened. */
  readonly wasEmpty: boolean;

  /** What tabs that share these records know them by; undefined where no other does. Names nobody. */
  readonly name?: string;

  /** The value under this name, or undefined where there is none that can be read. */
  read(drawer: Drawer, name: string): Promise<unknown>;

  /** Every value of a drawer that can be read, in no order. Rejects where the records are no longer ours. */
  readAll(drawer: Drawer): Promise<readonly unknown[]>;

  /** All of the changes, or none where it rejects. */
  write(changes: readonly Change[]): Promise<void>;

  /** Takes everything out of a drawer. */
  clear(drawer: Drawer): Promise<void>;

  close(): void;
}
