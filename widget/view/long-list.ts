import type { KeyedRows, Rows, RowsHost } from './keyed-rows.ts';

/** How many rows stand on the page above and below those in view. */
const around = 10;

/** Up to how many rows each is a stop for Tab. */
const few = 30;

/** After how many rows of scrolling others take their places. */
const stride = 4;

/**
 * Thousands of rows of one height, of which those in view are on the page, with some around them and the one
 * that has the focus. Where none stands, there is its room. A reader who has scrolled down keeps their place
 * whatever comes or goes above it.
 *
 * So long a list is one stop for Tab, or nobody would ever get past it; within it one goes by arrow keys.
 */
export class LongList<Item extends { readonly id: string }> implements Rows<Item> {
  readonly #host: RowsHost;
  readonly #rows: KeyedRows<Item>;
  #items: readonly Item[] = [];
  /** How high a row is, in pixels. */
  #height = 0;
  /** The row at the upper edge when the rows were last put there, and how many fit into the view. */
  #first = 0;
  #inView = 0;
  /** The row that has the focus, or would have it. */
  #held = '';
  #of: string | undefined;

  /** `host` is what scrolls; each of the rows holds an element with its id as `data-id`. */
  constructor(host: RowsHost, rows: KeyedRows<Item>) {
    this.#host = host;
    this.#rows = rows;
    // The reader's place is kept by us, and twice would be once too often.
    host.style.overflowAnchor = 'none';
    host.addEventListener('scroll', () => this.#handleScroll(), { passive: true });
    host.renderRoot.addEventListener('keydown', (event) => void this.#handleKeydown(event as KeyboardEvent));
    // Safari gives a button that is clicked no focus.
    for (const type of ['focusin', 'click']) {
      host.renderRoot.addEventListener(type, ({ target }) => this.#hold(target as Element));
    }
    new ResizeObserver(() => host.requestUpdate()).observe(host);
  }

  show(list: HTMLElement, items: readonly Item[]): void {
    const top = this.#placeIn(items, list);
    this.#items = items;
    const shown = this.#shownAt(top);
    const held = this.#heldAt;
    const stop = held < 0 ? this.#first : held;
    this.#rows.show(
      list,
      shown.map((at) => items[at]!),
      this.#host,
    );
    let end = 0;
    for (const [number, at] of shown.entries()) {
      const row = list.children[number] as HTMLElement;
      row.style.marginBlockStart = `${(at - end) * this.#height}px`;
      row.ariaPosInSet = String(at + 1);
      row.ariaSetSize = this.#host.hasMore ? '-1' : String(items.length);
      (row.firstElementChild as HTMLElement).tabIndex = at === stop || items.length <= few ? 0 : -1;
      end = at + 1;
    }
    list.style.paddingBlockEnd = `calc(${(items.length - end) * this.#height}px + 0.5rem)`;
    if (top !== this.#host.scrollTop) this.#host.scrollTop = top;
  }

  /** Where the reader is to be among these items, in pixels from the top: with the row they had before their eyes. */
  #placeIn(items: readonly Item[], list: HTMLElement): number {
    const { scrollTop } = this.#host;
    const before = this.#height;
    // Out of sight nothing has a height.
    this.#height = list.firstElementChild?.getBoundingClientRect().height || before;
    const { of } = this.#host.rows;
    const isOther = of !== this.#of;
    this.#of = of;
    if (isOther) return 0;
    if (scrollTop === 0 || before === 0) return scrollTop;
    const shift = this.#shiftOf(Math.floor(scrollTop / before), items);
    // Where nothing has moved, nothing is touched: it would stop a finger's swing.
    if (shift === 0 && this.#height === before) return scrollTop;
    return (scrollTop / before + shift) * this.#height;
  }

  /** By how many rows what stood here and was before the reader's eyes is further down among these. */
  #shiftOf(first: number, items: readonly Item[]): number {
    if (items === this.#items) return 0;
    // Either of two rows tells, if the other is the one that has moved.
    const shifts = this.#items.slice(first, first + 2).flatMap(({ id }, number) => {
      const at = items.findIndex((item) => item.id === id);
      return at < 0 ? [] : at - first - number;
    });
    const [shift = 0] = shifts.sort((a, b) => Math.abs(a) - Math.abs(b));
    return shift;
  }

  /** Which items stand on the page where the reader is so far down. */
  #shownAt(top: number): readonly number[] {
    const { clientHeight } = this.#host;
    const count = this.#items.length;
    const height = this.#height || Infinity;
    this.#inView = Math.ceil(clientHeight / height);
    this.#first = Math.max(0, Math.min(Math.floor(top / height), count - this.#inView));
    const from = Math.max(0, this.#first - around);
    const to = Math.min(count, this.#first + this.#inView + around);
    const shown = Array.from({ length: to - from }, (_, number) => from + number);
    const held = this.#heldAt;
    if (held >= to) shown.push(held);
    else if (held >= 0 && held < from) shown.unshift(held);
    return shown;
  }

  #handleScroll(): void {
    const first = Math.floor(this.#host.scrollTop / this.#height);
    if (Math.abs(first - this.#first) >= stride) this.#host.requestUpdate();
  }

  async #handleKeydown(event: KeyboardEvent): Promise<void> {
    const { key, ctrlKey, altKey, metaKey } = event;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: this.#inView - 1,
      PageUp: 1 - this.#inView,
      Home: -Infinity,
      End: Infinity,
    };
    const step = steps[key];
    const at = this.#heldAt;
    if (step === undefined || at < 0 || ctrlKey || altKey || metaKey) return;
    const to = Math.max(0, Math.min(this.#items.length - 1, at + step));
    if (to === at) return;
    event.preventDefault();
    this.#held = this.#items[to]!.id;
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    this.#host.renderRoot.querySelector<HTMLElement>(`[data-id="${CSS.escape(this.#held)}"]`)?.focus();
  }

  #hold(target: Element): void {
    const id = target.closest<HTMLElement>('[data-id]')?.dataset['id'];
    if (id === undefined || id === this.#held) return;
    this.#held = id;
    this.#host.requestUpdate();
  }

  get #heldAt(): number {
    return this.#items.findIndex(({ id }) => id === this.#held);
  }
}
