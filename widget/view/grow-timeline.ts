import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { TimelineItem } from '../state/timeline.ts';
import { passOn, type RetryEvent, tell } from './events.ts';
import { styles } from './grow-timeline.styles.ts';
import { KeyedRows } from './keyed-rows.ts';
import type { Language } from './language.ts';
import { base } from './tokens.styles.ts';

/** How near an end of the rows the reader may come before more are asked for, in heights of the view. */
const nearness = 1.5;

/** How far from the very end still counts as being there, in pixels. */
const endSlack = 24;

/**
 * What was said in a thread, top to bottom: a window of rows that grows and moves as one scrolls. The row
 * under the reader's eyes stays where it is, whatever comes or goes above it; a reader at the end stays at
 * the end.
 *
 * @fires {PageWantedEvent} page-wanted - The reader nears an end of the rows.
 * @fires {PlaceChangeEvent} place-change - The reader came to the end of the thread, or left it.
 * @fires {NewestWantedEvent} newest-wanted - The reader wants the newest messages.
 * @fires {RetryEvent} message-retry - A message is to go out again.
 * @fires {EditEvent} message-edit - A message is to go back into the composer.
 * @csspart timeline - What scrolls.
 */
export class GrowTimeline extends LitElement {
  static override properties = {
    threadId: {},
    items: {},
    older: {},
    newer: {},
    name: {},
    canSend: {},
    language: {},
    isAtEnd: { state: true },
  };
  static override styles = [base, styles];

  /** Whose messages these are. Those of another begin at their own place. */
  threadId = '';

  items: readonly TimelineItem[] = [];

  /** Whether there is more above and below, and whether getting it failed. */
  older: 'none' | 'more' | 'failed' = 'none';
  newer: 'none' | 'more' | 'failed' = 'none';

  /** The other of the two. */
  name = '';

  /** Whether anything can be sent. */
  canSend = true;

  language!: Language;

  private isAtEnd = true;

  readonly #rows = new KeyedRows<TimelineItem>(
    'div',
    ({ key }) => key,
    (item) => this.#row(item),
  );
  #isSettled = false;
  #place: { readonly row: Element; readonly top: number } | undefined;
  /** How large everything was when the place was last put right. */
  #size = '';
  #resizes: ResizeObserver | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    // A keyboard that opens, a window that narrows, a font that arrives: the end stays the end.
    this.#resizes = new ResizeObserver(() => {
      this.#restorePlace();
      // Only now do new rows have their height: they may not fill the view yet.
      if (this.items.length > 0) this.#handleScroll();
    });
    void this.updateComplete.then(() => this.#observe());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes?.disconnect();
  }

  /** Goes to the newest row. */
  scrollToEnd(): void {
    this.#setAtEnd(true);
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('threadId')) this.#isSettled = false;
    // A reader begins where they stopped: at what is new, else at the end.
    if (!this.#isSettled) this.isAtEnd = !this.items.some(({ kind }) => kind === 'unread');
    // The reader may have moved since the last frame, and the browser not have said so yet.
    else if (changed.has('items')) this.#followReader();
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#rows.show(this.renderRoot.querySelector('.items')!, this.items, this);
    const mark = this.renderRoot.querySelector('.unread');
    if (!this.#isSettled && mark) this.#place = { row: mark, top: 0 };
    // New rows draw themselves after us: measured before that, they would have to be measured twice.
    if (changed.has('items')) queueMicrotask(() => this.#restorePlace());
    // Another thread may be as tall as the one before: nothing moves then, and no browser tells of it.
    if (!this.#isSettled) requestAnimationFrame(() => this.#followReader());
  }

  protected override render() {
    const { strings } = this.language;
    return html`
      <div
        class="scroller"
        part="timeline"
        role="log"
        aria-label=${strings.messages}
        aria-live="off"
        tabindex="0"
        @scroll=${this.#handleScroll}
      >
        <div class="rows">
          ${this.#upperEdge()}
          <div class="items"></div>
          ${this.newer === 'failed' ? this.#failure('newer') : nothing}
        </div>
      </div>
      ${
        this.isAtEnd && this.newer === 'none'
          ? nothing
          : html`<button class="primary newest" @click=${this.#handleNewest}>${strings.jumpToNewest}</button>`
      }
    `;
  }

  #upperEdge() {
    const { strings } = this.language;
    if (this.older === 'failed') return this.#failure('older');
    return html`<p class="edge">
      ${this.older === 'more' ? strings.loading : strings.threadStart(this.name)}
    </p>`;
  }

  #failure(direction: 'older' | 'newer') {
    return html`
      <p class="edge" role="alert">
        ${this.language.strings.loadFailed}
        <button class="link" @click=${() => this.#handleTryAgain(direction)}>
          ${this.language.strings.tryAgain}
        </button>
      </p>
    `;
  }

  #row(item: TimelineItem) {
    const { strings } = this.language;
    if (item.kind === 'day') return html`<h3>${this.language.day(item.at)}</h3>`;
    if (item.kind === 'unread') return html`<p class="unread">${strings.newMessages}</p>`;
    const isOwn = item.kind === 'echo' || item.isOwn;
    return html`
      <grow-message
        exportparts="bubble"
        .item=${item}
        .author=${isOwn ? strings.you : this.name}
        .canSend=${this.canSend}
        .language=${this.language}
        @message-retry=${this.#handleRetry}
        @message-edit=${passOn}
      ></grow-message>
    `;
  }

  #handleScroll(): void {
    this.#followReader();
    this.#askForMore();
  }

  /** Learns where the reader is. Rows that come, go or grow move the scroller too: that is put right instead. */
  #followReader(): void {
    const scroller = this.#scroller;
    if (sizeOf(scroller) !== this.#size) return this.#restorePlace();
    const below = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    this.#setAtEnd(this.newer === 'none' && below <= endSlack);
    this.#notePlace();
  }

  /** What was pressed goes away, and the focus with it: one stays among the messages. */
  #handleTryAgain(direction: 'older' | 'newer'): void {
    this.#scroller.focus();
    tell(this, 'page-wanted', { direction });
  }

  #handleRetry(event: RetryEvent): void {
    this.#scroller.focus();
    passOn.call(this, event);
  }

  #handleNewest(): void {
    this.scrollToEnd();
    tell(this, 'newest-wanted');
    this.#scroller.focus();
  }

  #askForMore(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    if (clientHeight === 0) return;
    const near = clientHeight * nearness;
    if (this.older === 'more' && scrollTop < near) tell(this, 'page-wanted', { direction: 'older' });
    else if (this.newer === 'more' && scrollHeight - clientHeight - scrollTop < near) {
      tell(this, 'page-wanted', { direction: 'newer' });
    }
  }

  #setAtEnd(isAtEnd: boolean): void {
    if (isAtEnd === this.isAtEnd && this.#isSettled) return;
    this.isAtEnd = isAtEnd;
    this.#isSettled = true;
    tell(this, 'place-change', { isAtEnd });
  }

  /** Remembers the first row that the reader sees, and where. */
  #notePlace(): void {
    const { top } = this.#scroller.getBoundingClientRect();
    const rows = [...this.renderRoot.querySelectorAll('grow-message')];
    const row = rows.find((candidate) => candidate.getBoundingClientRect().bottom > top);
    this.#place = row && { row, top: row.getBoundingClientRect().top - top };
  }

  #restorePlace(): void {
    const scroller = this.#scroller;
    if (this.isAtEnd) {
      scroller.scrollTop = scroller.scrollHeight;
    } else if (this.#place?.row.isConnected) {
      const { row, top } = this.#place;
      scroller.scrollTop += row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - top;
    }
    this.#size = sizeOf(scroller);
  }

  #observe(): void {
    this.#resizes?.observe(this.#scroller);
    this.#resizes?.observe(this.#scroller.firstElementChild!);
  }

  get #scroller(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>('.scroller')!;
  }
}

function sizeOf({ scrollHeight, clientHeight }: Element): string {
  return `${scrollHeight} ${clientHeight}`;
}
