/** What one side puts in as it comes, and the other takes out in its own time. */
export class Queue<Item> {
  readonly #items: Item[] = [];
  #wake: (() => void) | undefined;
  #end: { readonly error: unknown } | undefined;

  put(item: Item): void {
    this.#items.push(item);
    this.#wake?.();
  }

  /** Nothing more comes. With an error, what was not taken yet is not to be had any more either. */
  end(error?: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    for (;;) {
      if (this.#end?.error !== undefined) throw this.#end.error as Error;
      const [item] = this.#items.splice(0, 1);
      if (item !== undefined) yield item;
      else if (this.#end) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
