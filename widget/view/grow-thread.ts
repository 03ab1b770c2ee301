import { html, LitElement, nothing } from 'lit';
import type { Me } from '../../protocol/me.ts';
import type { Thread } from '../../protocol/thread.ts';
import type { MessagingClient } from '../state/messaging-client.ts';
import { StoreController } from '../state/store-controller.ts';
import type { ThreadStore, ThreadView } from '../state/thread-store.ts';
import {
  type ComposeSubmitEvent,
  type DraftChangeEvent,
  type EditEvent,
  type PageWantedEvent,
  type PlaceChangeEvent,
  type RetryEvent,
  passOn,
  tell,
} from './events.ts';
import type { GrowComposer } from './grow-composer.ts';
import { styles } from './grow-thread.styles.ts';
import type { GrowTimeline } from './grow-timeline.ts';
import type { Language } from './language.ts';
import { load } from './load-later.ts';
import { nameOf } from './name.ts';
import { base } from './tokens.styles.ts';

/**
 * One open thread: what was said, and the box to answer in.
 *
 * @fires {BackEvent} go-back - The reader wants to see the inbox again.
 * @fires {MessageWrittenEvent} message-written - Something was written, and is kept.
 * @fires {DangerEvent} danger-heard - What is being written has come to hold words of danger.
 * @fires {PanelWantedEvent} panel-wanted - Where does this belong, or who can read it?
 * @fires {SupportWantedEvent} support-wanted - The Support Team is to help.
 * @fires {RefreshWantedEvent} refresh-wanted - What this device has seems to be wrong.
 */
export class GrowThread extends LitElement {
  static override properties = {
    client: {},
    threadId: {},
    alone: { type: Boolean, reflect: true },
    discreet: {},
    language: {},
    announcement: { state: true },
  };
  static override styles = [base, styles];

  client: MessagingClient | undefined;

  threadId = '';

  /** Whether nothing else is on screen, so that a way back is needed. */
  alone = false;

  /** Whether what has just come is not said aloud. */
  discreet = false;

  language!: Language;

  private announcement = '';

  readonly #view = new StoreController<ThreadView>(this);
  readonly #me = new StoreController<Me | undefined>(this);
  #store: ThreadStore | undefined;
  #lookedAt: ThreadView | undefined;
  #newestHeard: string | undefined;
  #isAtEnd = false;
  #isInView = false;
  #sight: IntersectionObserver | undefined;
  #wantsFocus = false;

  constructor() {
    super();
    // A file that is let go beside the box is meant for it; the page would leave for it otherwise.
    for (const type of ['dragover', 'drop'] as const) {
      this.addEventListener(type, (event) => this.#composer?.take(event));
    }
  }

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
    const { client } = this;
    const store = client?.isReady ? client.thread(this.threadId) : undefined;
    if (store !== this.#store) this.#begin(store);
    const view = this.#view.value;
    if (view?.status === 'ready' && view !== this.#lookedAt) this.#announce(view);
  }

  /** Another thread than before, or the same one for somebody else. */
  #begin(store: ThreadStore | undefined): void {
    this.#store = store;
    this.#view.follow(store);
    this.#me.follow(this.client?.me);
    this.#newestHeard = undefined;
    this.#isAtEnd = false;
    this.announcement = '';
    this.#open();
  }

  protected override updated(): void {
    const view = this.#view.value;
    if (view !== this.#lookedAt) {
      this.#lookedAt = view;
      this.#markRead();
    }
    if (!this.#wantsFocus || !view?.thread) return;
    this.#wantsFocus = false;
    // On a touch screen the keyboard would come up over what one came to read.
    if (!view.thread.canSend || !matchMedia('(pointer: fine)').matches) return this.#heading?.focus();
    // The box draws itself after us; before that there is nothing in it to focus.
    void this.#composer?.updateComplete.then(() => this.#composer?.focus());
  }

  protected override render() {
    const view = this.#view.value;
    const { strings } = this.language;
    return html`
      <header>
        <h1 class="only-heard">${this.discreet ? strings.discreetTitle : strings.title}</h1>
        <button class="quiet back" aria-label=${strings.back} @click=${() => tell(this, 'go-back')}>
          <span aria-hidden="true">‹</span>
        </button>
        ${view?.thread && this.#title(view.thread)}
      </header>
      ${this.#messages(view)} ${view?.thread && this.#foot(view.thread)}
      <p class="only-heard" role="status">${this.announcement}</p>
    `;
  }

  #title({ id: threadId, with: other }: Thread) {
    const { strings } = this.language;
    return html`
      <div>
        <h2 tabindex="-1"><bdi>${nameOf(other, this.discreet)}</bdi></h2>
        <button class="link" @click=${() => tell(this, 'panel-wanted', { panel: 'readers', threadId })}>
          ${strings.whoReads}
        </button>
      </div>
    `;
  }

  #messages(view: ThreadView | undefined) {
    const { strings } = this.language;
    if (view?.status === 'missing' || view?.status === 'failed') {
      return html`
        <div class="state" role="alert">
          <p>${view.status === 'missing' ? strings.threadMissing : strings.threadFailed}</p>
          <button class="link" @click=${this.#open}>${strings.tryAgain}</button>
          <button class="link" @click=${() => tell(this, 'refresh-wanted')}>${strings.refresh}</button>
        </div>
      `;
    }
    if (view?.status !== 'ready' || !view.thread)
      return html`<p class="state soft" role="status">${strings.loading}</p>`;
    return html`
      <grow-timeline
        exportparts="timeline, bubble"
        .threadId=${this.threadId}
        .items=${view.items}
        .older=${view.older}
        .newer=${view.newer}
        .name=${view.thread.with.displayName}
        .canSend=${view.thread.canSend}
        .language=${this.language}
        @page-wanted=${this.#handlePageWanted}
        @place-change=${this.#handlePlaceChange}
        @newest-wanted=${() => this.#store?.jumpToNewest()}
        @message-retry=${({ detail: { id } }: RetryEvent) => this.#store?.retry(id)}
        @message-edit=${this.#handleEdit}
      ></grow-timeline>
    `;
  }

  /** Where one writes, also while what was said is on its way or can't be had. */
  #foot(thread: Thread) {
    const { strings } = this.language;
    if (!thread.canSend) return this.#whyNot();
    const me = this.#me.value;
    const isClient = this.#isClient;
    const isWaiting = isClient && thread.awaitingReplySince;
    if (isWaiting) load('grow-reply-clock').catch(() => undefined);
    return html`
      ${
        isWaiting
          ? html`<grow-reply-clock
              .client=${this.client}
              .thread=${thread}
              .guidance=${me?.guidance}
              .language=${this.language}
              @support-wanted=${passOn}
            ></grow-reply-clock>`
          : nothing
      }
      <grow-composer
        exportparts="input, send"
        .draft=${this.#store?.draft}
        .place=${this.threadId}
        .hasFiles=${this.#store?.hasFiles}
        .maxLength=${me?.limits.maxTextLength ?? 8_000}
        .replies=${isClient ? thread.with.replyPolicy || strings.replyUsual(me?.guidance.replyBusinessDays ?? 3) : ''}
        .language=${this.language}
        @draft-change=${this.#handleDraftChange}
        @compose-submit=${this.#handleSubmit}
        @danger-heard=${passOn}
        @panel-wanted=${passOn}
      ></grow-composer>
    `;
  }

  #whyNot() {
    const { strings } = this.language;
    return html`<div class="ended">
      <p><strong>${strings.ended}</strong></p>
      <p>${strings.endedHint} ${this.#isClient ? strings.endedHelp : nothing}</p>
      ${
        this.#isClient
          ? html`<button
              class="quiet"
              @click=${() => tell(this, 'support-wanted', { reason: 'relationship-ended' })}
            >
              ${strings.contactSupport}
            </button>`
          : nothing
      }
    </div>`;
  }

  get #isClient(): boolean {
    return this.#me.value?.person.role === 'client';
  }

  #open(): void {
    this.#store?.open().catch(reportError);
  }

  async #handleSubmit({ detail: { text } }: ComposeSubmitEvent): Promise<void> {
    const store = this.#store;
    if (!store) return;
    this.#timeline?.scrollToEnd();
    try {
      // In this order on the device, and each for this thread, whichever is open by then.
      const kept = Promise.all([store.send(text), store.storeDraft('')]);
      this.requestUpdate();
      await kept;
      if (store === this.#store) tell(this, 'message-written');
    } catch (error) {
      // This device would not keep the words, so we give them back.
      this.#write(store, text + store.draft);
      reportError(error);
    }
  }

  #handleDraftChange({ detail: { text } }: DraftChangeEvent): void {
    if (this.#store) this.#write(this.#store, text);
  }

  #write(store: ThreadStore, draft: string): void {
    store.storeDraft(draft).catch(reportError);
    this.requestUpdate();
  }

  async #handleEdit({ detail: { id } }: EditEvent): Promise<void> {
    const store = this.#store;
    if (!store) return;
    await store.takeBack(id);
    if (store === this.#store) this.focus();
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
    const name = this.#view.value?.thread?.with.displayName ?? '';
    const said = newest.message.text || strings.attachmentOnly;
    const words = this.discreet ? strings.newMessages : strings.newMessageFrom(name, said);
    // What stands there already would not be said once more.
    this.announcement = words === this.announcement ? `${words}\u00a0` : words;
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
