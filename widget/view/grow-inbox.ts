import { html, LitElement, nothing } from 'lit';
import type { Thread } from '../../protocol/thread.ts';
import { tell, type RowsWanted } from './events.ts';
import { styles } from './grow-inbox.styles.ts';
import { KeyedRows, type Rows } from './keyed-rows.ts';
import type { Language } from './language.ts';
import { initialsOf } from './name.ts';
import { base } from './tokens.styles.ts';

/**
 * The list of threads, newest activity first.
 *
 * @fires {ThreadChosenEvent} thread-chosen - A thread was chosen.
 * @fires {PageWantedEvent} page-wanted - The reader nears the end of the list.
 * @slot empty - What stands where there is no thread yet.
 * @csspart thread - One thread of the list.
 */
export class GrowInbox extends LitElement {
  static override properties = {
    threads: {},
    hasMore: {},
    current: {},
    selfId: {},
    discreet: {},
    rows: {},
    language: {},
  };
  static override styles = [base, styles];

  /** Undefined until there is a list. */
  threads: readonly Thread[] | undefined;

  hasMore = false;

  /** The thread that is open. */
  current = '';

  /** Who reads. */
  selfId = '';

  /** Whether what was said last stays out of the list. */
  discreet = false;

  /** How its rows are to be shown, where that is not as they come. */
  rows: RowsWanted = {};

  language!: Language;

  readonly #all = new KeyedRows<Thread>(
    'li',
    ({ id }) => id,
    (thread) => this.#row(thread),
  );
  #some: Rows<Thread> | undefined;
  #sight: IntersectionObserver | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sight = new IntersectionObserver(
      // A busy browser tells several looks at once: the last of them holds.
      (looks) => looks.at(-1)?.isIntersecting && tell(this, 'page-wanted', { direction: 'older' }),
      { root: this, rootMargin: '50%' },
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight?.disconnect();
  }

  /** To the thread that was open last, or the first. Where there is none yet, once there is. */
  override focus(): void {
    const rows = this.renderRoot.querySelectorAll<HTMLElement>('.thread');
    const last = [...rows].find(({ dataset }) => dataset['id'] === this.#lastChosen);
    this.#wantsFocus = !rows[0];
    (last ?? rows[0])?.focus();
  }

  #lastChosen = '';
  #wantsFocus = false;

  protected override updated(): void {
    const list = this.renderRoot.querySelector('ul');
    this.#some ??= this.rows.arrange?.(this, this.#all);
    if (list) (this.#some ?? this.#all).show(list, this.threads ?? [], this);
    if (list && this.#wantsFocus) this.focus();
    this.#sight?.disconnect();
    if (this.#sentinel) this.#sight?.observe(this.#sentinel);
  }

  protected override render() {
    const { strings } = this.language;
    if (!this.threads) return html`<p class="loading" role="status">${strings.loading}</p>`;
    if (this.threads.length === 0 && !this.hasMore) {
      return html`<slot name="empty"></slot>`;
    }
    return html`
      <ul aria-label=${strings.conversations} role="list"></ul>
      ${this.hasMore ? html`<p class="more"></p>` : nothing}
    `;
  }

  #row(thread: Thread) {
    const { language } = this;
    const { id, with: other, lastMessage, unread } = thread;
    // Beside the last line; where none is shown, beside the name.
    const mark = unread > 0 ? this.#mark(unread) : nothing;
    return html`
      <button
        class=${unread > 0 ? 'thread is-unread' : 'thread'}
        part="thread"
        data-id=${id}
        aria-current=${id === this.current}
        @click=${() => this.#choose(id)}
      >
        <span class="face" aria-hidden="true">${initialsOf(other)}</span>
        <span class="about">
          <span class="row">
            <span class="name"><bdi>${other.displayName}</bdi></span>
            ${
              lastMessage
                ? html`<time datetime=${lastMessage.sentAt}>${language.brief(lastMessage.sentAt)}</time>`
                : nothing
            }
            ${this.discreet ? mark : nothing}
          </span>
          <span class="row">
            ${this.rows.note?.(thread)}
            <span class="line" dir="auto"
              >${lastMessage && !this.discreet ? this.#lastLine(lastMessage) : nothing}</span
            >
            ${this.discreet ? nothing : mark}
          </span>
        </span>
      </button>
    `;
  }

  #mark(unread: number) {
    const { language } = this;
    return html`
      <span class="mark">
        <span aria-hidden="true">${language.count(unread)}</span>
        <span class="only-heard">${language.strings.unreadCount(unread)}</span>
      </span>
    `;
  }

  #lastLine({ senderId, text, attachments }: NonNullable<Thread['lastMessage']>): string {
    const { strings } = this.language;
    const line = text.trim() === '' && attachments.length > 0 ? strings.attachmentOnly : firstLine(text);
    return senderId === this.selfId ? strings.youSaid(line) : line;
  }

  #choose(threadId: string): void {
    this.#lastChosen = threadId;
    tell(this, 'thread-chosen', { threadId });
  }

  get #sentinel(): Element | null {
    return this.renderRoot.querySelector<Element>('.more');
  }
}

/** As much of a text as a line may show. */
function firstLine(text: string): string {
  const line = text.trim().slice(0, 120).replace(/\s+/gu, ' ');
  // The cut may have gone through a character of two code units.
  return line.replace(/[\uD800-\uDBFF]$/, '');
}
