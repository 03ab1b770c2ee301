import { render, type LitElement, type TemplateResult } from 'lit';

/** What puts rows into a list. */
export interface Rows<Item> {
  /** Shows these items in a container that nobody else puts anything into. */
  show(container: HTMLElement, items: readonly Item[], host: object): void;
}

/** An element that holds a list and scrolls it. */
export type RowsHost = LitElement & {
  /** What is shown: another list begins at its top. */
  readonly rows: { readonly of?: string };
  /** Whether there are more rows than are known. */
  readonly hasMore: boolean;
};

/**
 * Rows that stay the same elements for as long as their keys are on screen, in the order they are given;
 * only what changes is touched. Lit's `repeat` does as much and weighs a thirtieth of the whole widget.
 */
export class KeyedRows<Item> implements Rows<Item> {
  readonly #tag: 'div' | 'li';
  readonly #keyOf: (item: Item) => string;
  readonly #template: (item: Item) => TemplateResult;
  #rows = new Map<string, HTMLElement>();

  constructor(tag: 'div' | 'li', keyOf: (item: Item) => string, template: (item: Item) => TemplateResult) {
    this.#tag = tag;
    this.#keyOf = keyOf;
    this.#template = template;
  }

  show(container: HTMLElement, items: readonly Item[], host: object): void {
    const before = this.#rows;
    this.#rows = new Map(
      items.map((item) => {
        const key = this.#keyOf(item);
        const row = before.get(key) ?? document.createElement(this.#tag);
        render(this.#template(item), row, { host });
        return [key, row];
      }),
    );
    for (const [key, row] of before) if (!this.#rows.has(key)) row.remove();
    let at = container.firstChild;
    for (const row of this.#rows.values()) {
      if (row === at) at = at.nextSibling;
      else container.insertBefore(row, at);
    }
  }
}
