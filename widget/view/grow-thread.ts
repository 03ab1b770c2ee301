import { ContextConsumer } from '@lit/context';
import { html, LitElement, nothing } from 'lit';
import type { Me } from '../../protocol/me.ts';
import type { Thread } from '../../protocol/thread.ts';
import { clientContext } from '../state/client-context.ts';
import { StoreController } from '../state/store-controller.ts';
import type { ThreadStore, ThreadView } from '../state/thread-store.ts';
import type { TimelineItem } from '../state/timeline.ts';
import {
  BackEvent,
  DangerEvent,
  type ComposeSubmitEvent,
  type DraftChangeEvent,
  type EditEvent,
  MessageWrittenEvent,
  type PageWantedEvent,
  type PlaceChangeEvent,
  type RetryEvent,
} from './events.ts';
import type { GrowComposer } from './grow-composer.ts';
import { styles } from './grow-thread.styles.ts';
import type { GrowTimeline } from './grow-timeline.ts';
import type { Language } from './language.ts';
import { nameOf } from './name.ts';
import { base } from './tokens.styles.ts';

/**
 * One open thread: what was said, and the box to answer in.
 *
 * @fires {BackEvent} go-back - The reader wants to see the inbox again.
 * @fires {MessageWrittenEvent} message-written - Something was written, and is kept.
 * @fires {DangerEvent} danger-heard - What is being written has come to hold words of danger.
 */
export class GrowThread extends LitElement {
  static override properties = {
    threadId: { attribute: 'thread-id' },
    alone: { type: Boolean, reflect: true },
    language: { attribute: false },
    draft: { state: true },
    announcement: { state: true },
  };
  static override styles = [base, styles];

  threadId = '';

  /** Whether nothing else is on screen, so that a way back is needed. */
  alone = false;

  language!: Language;

  private draft = '';
  private announcement = '';

  readonly #client = new ContextConsumer(this, { context: clientContext, subscribe: true });
  readonly #view = new StoreController<ThreadView>(this);
  readonly #me = new StoreController<Me | undefined>(this);
  #store: ThreadStore | undefined;
  #lookedAt: ThreadView | undefined;
  #newestHeard: string | undefined;
  #isAtEnd = true;
  #isInView = false;
  #sight: IntersectionObserver | undefined;
  #wantsFocus = false;
  #hasWritten = false;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#markRead);
    addEventListener('focus', this.#markRead);
    // A portal may hide us on its other pages, or stand us below the fold: nobody reads there.
    this.#sight = new IntersectionObserver((looks) => {
      this.#isInView = looks.at(-1)?.isIntersecting ?? false;
      this.#markRead();
    });
    this.#sight.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#markRead);
    removeEventListener('focus', this.#markRead);
    this.#sight?.disconnect();
  }

  /** To where one writes; where one can't, to whose thread it is. */
  override focus(): void {
    this.#wantsFocus = true;
    this.requestUpdate();
  }

  protected override willUpdate(): void {
    const client = this.#client.value;
    const store = client?.isReady ? client.thread(this.threadId) : undefined;
    if (store === this.#store) return;
    this.#store = store;
    this.#view.follow(store);
    this.#me.follow(client?.me);
    this.#newestHeard = undefined;
    this.#isAtEnd = true;
    this.announcement = this.draft = '';
    this.#hasWritten = false;
    void this.#open(store);
  }

  protected override updated(): void {
    const view = this.#view.value;
    if (view?.status !== 'ready') return;
    if (view !== this.#lookedAt) {
      this.#lookedAt = view;
      this.#announce(view);
      this.#markRead();
    }
    if (!this.#wantsFocus) return;
    this.#wantsFocus = false;
    // On a touch screen the keyboard would come up over what one came to read.
    if (!view.thread?.canSend || !matchMedia('(pointer: fine)').matches) return this.#heading?.focus();
    // The box draws itself after us; before that there is nothing in it to focus.
    void this.#composer?.updateComplete.then(() => this.#composer?.focus());
  }

  protected override render() {
    const view = this.#view.value;
    const { strings } = this.language;
    return html`
      <header>
        <button
          class="quiet back"
          aria-label=${strings.back}
          @click=${() => this.dispatchEvent(new BackEvent())}
        >
          <span aria-hidden="true">‹</span>
        </button>
        ${view?.thread ? this.#title(view.thread) : nothing}
      </header>
      ${this.#body(view)}
      <p class="only-heard" role="status">${this.announcement}</p>
    `;
  }

  #title({ with: other }: Thread) {
    const { strings } = this.language;
    return html`
      <div>
        <h2 tabindex="-1"><bdi>${nameOf(other)}</bdi></h2>
        ${other.replyPolicy ? html`<p class="policy">${strings.replyTime} <bdi>${other.replyPolicy}</bdi></p>` : nothing}
      </div>
    `;
  }

  #body(view: ThreadView | undefined) {
    const { strings } = this.language;
    if (view?.status === 'missing') return html`<p class="state" role="alert">${strings.threadMissing}</p>`;
    if (view?.status === 'failed') {
      return html`
        <p class="state" role="alert">
          ${strings.threadFailed}
          <button class="link" @click=${() => this.#open(this.#store)}>${strings.tryAgain}</button>
        </p>
      `;
    }
    if (view?.status !== 'ready' || !view.thread)
      return html`<p class="state soft" role="status">${strings.loading}</p>`;
    return html`
      <grow-timeline
        exportparts="timeline, bubble"
        .items=${view.items}
        .older=${view.older}
        .newer=${view.newer}
        .name=${view.thread.with.displayName}
        .language=${this.language}
        @page-wanted=${this.#handlePageWanted}
        @place-change=${this.#handlePlaceChange}
        @newest-wanted=${() => this.#store?.jumpToNewest()}
        @message-retry=${({ detail: { id } }: RetryEvent) => this.#store?.retry(id)}
        @message-edit=${this.#handleEdit}
      ></grow-timeline>
      ${view.thread.canSend ? this.#composerBox() : this.#whyNot()}
    `;
  }

  #composerBox() {
    return html`
      <grow-composer
        exportparts="input, send"
        .draft=${this.draft}
        .maxLength=${this.#me.value?.limits.maxTextLength ?? 8_000}
        .language=${this.language}
        @draft-change=${this.#handleDraftChange}
        @compose-submit=${this.#handleSubmit}
        @danger-heard=${() => this.dispatchEvent(new DangerEvent())}
      ></grow-composer>
    `;
  }

  #whyNot() {
    const { strings } = this.language;
    return html`<div class="ended">
      <p><strong>${strings.ended}</strong></p>
      <p>${strings.endedHint}</p>
    </div>`;
  }

  async #open(store: ThreadStore | undefined): Promise<void> {
    if (!store) return;
    store.open().catch(reportError);
    const draft = await store.draft();
    // Whoever began to write meanwhile has another, and may have sent it already.
    if (store === this.#store && !this.#hasWritten) this.draft = draft;
  }

  async #handleSubmit({ detail: { text } }: ComposeSubmitEvent): Promise<void> {
    const store = this.#store;
    if (!store) return;
    this.draft = '';
    this.#timeline?.scrollToEnd();
    try {
      // In this order on the device, and each for this thread, whichever is open by then.
      await Promise.all([store.send(text), store.storeDraft('')]);
      if (store === this.#store) this.dispatchEvent(new MessageWrittenEvent());
    } catch (error) {
      // This device would not keep the words, so we give them back.
      if (store === this.#store) this.draft = text + this.draft;
      reportError(error);
    }
  }

  #handleDraftChange({ detail: { text } }: DraftChangeEvent): void {
    this.draft = text;
    this.#hasWritten = true;
    this.#store?.storeDraft(text).catch(reportError);
  }

  async #handleEdit({ detail: { id } }: EditEvent): Promise<void> {
    const store = this.#store;
    if (!store) return;
    const text = await store.takeBack(id);
    const rest = store === this.#store ? this.draft : await store.draft();
    const draft = rest === '' ? text : `${text}\n${rest}`;
    if (store === this.#store) {
      this.draft = draft;
      this.focus();
    }
    await store.storeDraft(draft);
  }

  #handlePageWanted({ detail: { direction } }: PageWantedEvent): void {
    void (direction === 'older' ? this.#store?.loadOlder() : this.#store?.loadNewer());
  }

  #handlePlaceChange({ detail: { isAtEnd } }: PlaceChangeEvent): void {
    this.#isAtEnd = isAtEnd;
    this.#store?.setAtEnd(isAtEnd);
    this.#markRead();
  }

  /** Read is what stood at the end of the screen while somebody was there to see it. */
  readonly #markRead = () => {
    const isSeen = this.#isInView && document.visibilityState === 'visible' && document.hasFocus();
    if (isSeen && this.#isAtEnd && this.#view.value?.status === 'ready')
      this.#store?.markRead().catch(reportError);
  };

  /** Says a message that has just come, once. What was there when the thread opened was not just said. */
  #announce({ items, newer }: ThreadView): void {
    const newest = items.findLast((item) => item.kind === 'message');
    if (!newest || newer !== 'none') return;
    const wasHeard = this.#newestHeard;
    this.#newestHeard = newest.key;
    if (wasHeard === undefined || wasHeard === newest.key || newest.isOwn) return;
    const { strings } = this.language;
    this.announcement = strings.newMessageFrom(
      this.#view.value?.thread?.with.displayName ?? '',
      textOf(newest),
    );
  }

  get #composer(): GrowComposer | null {
    return this.renderRoot.querySelector<GrowComposer>('grow-composer');
  }

  get #timeline(): GrowTimeline | null {
    return this.renderRoot.querySelector<GrowTimeline>('grow-timeline');
  }

  get #heading(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('h2');
  }
}

function textOf(item: Extract<TimelineItem, { kind: 'message' }>): string {
  return item.message.text;
}
