import type { Change, Drawer, Records } from './records.ts';

/** Records that live as long as the page: where IndexedDB is missing, failing or unwanted. */
export class MemoryRecords implements Records {
  readonly wasEmpty = true;
  readonly #drawers: Readonly<Record<Drawer, Map<string, unknown>>> = {
    records: new Map(),
    outbox: new Map(),
    drafts: new Map(),
    files: new Map(),
  };

  read(drawer: Drawer, name: string): Promise<unknown> {
    return Promise.resolve(this.#drawers[drawer].get(name));
  }

  readAll(drawer: Drawer): Promise<readonly unknown[]> {
    return Promise.resolve([...this.#drawers[drawer].values()]);
  }

  write(changes: readonly Change[]): Promise<void> {
    for (const { drawer, name, value } of changes) {
      if (value === undefined) this.#drawers[drawer].delete(name);
      else this.#drawers[drawer].set(name, value);
    }
    return Promise.resolve();
  }

  clear(drawer: Drawer): Promise<void> {
    this.#drawers[drawer].clear();
    return Promise.resolve();
  }

  close(): void {
    for (const drawer of Object.values(this.#drawers)) drawer.clear();
  }
}
