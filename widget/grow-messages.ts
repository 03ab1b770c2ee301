import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { ClientController } from './client-controller.ts';
import { styles } from './grow-messages.styles.ts';
import { PageNews } from './page-news.ts';
import { tellPage } from './public-events.ts';
import { ApiError } from './transport/api-error.ts';
import type { TokenReason } from './transport/token-source.ts';
import { isComposing } from './view/composing.ts';
import type {
  ComposeWantedEvent,
  PanelWantedEvent,
  PersonChosenEvent,
  RowsWanted,
  RowsWantedEvent,
  SupportWantedEvent,
  ThreadChosenEvent,
} from './view/events.ts';
import type { GrowCrisis } from './view/grow-crisis.ts';
import { LanguageController } from './view/language-controller.ts';
import { load, type Part } from './view/load-later.ts';
import type { Strings } from './view/strings.ts';
import { base, tokens } from './view/tokens.styles.ts';

/** What is open beside the list, or instead of it where there is no room for both. */
type Screen =
  | { readonly kind: 'inbox' }
  | { readonly kind: 'thread'; readonly threadId: string }
  | { readonly kind: 'compose'; readonly personId: string };

/** Where one chose a thread: among those found by name, else in the inbox. */
const list = '[mode=search], grow-inbox';

/**
 * Secure messages between a client and their provider: inbox, thread, composer and crisis lines, on both
 * sides; the role follows from the session.
 *
 * @fires {GrowReadyEvent} grow-ready
 * @fires {GrowUnreadChangeEvent} grow-unread-change
 * @fires {GrowThreadOpenEvent} grow-thread-open
 * @fires {GrowMessageSentEvent} grow-message-sent
 * @fires {GrowSessionExpiredEvent} grow-session-expired
 * @fires {GrowSupportRequestEvent} grow-support-request
 * @fires {GrowErrorEvent} grow-error
 * @slot header - Instead of the title above the inbox.
 * @slot disclaimer - More words from the clinic, above the crisis lines; never instead of them.
 * @slot empty - Instead of our words in an empty inbox.
 * @csspart crisis - The crisis lines.
 * @csspart thread - A thread in the inbox.
 * @csspart timeline - Where a thread's messages are.
 * @csspart bubble - A message.
 * @csspart input - The box one writes in.
 * @csspart send - Its button.
 * @cssprop [--grow-block-size=min(44rem, 100dvb)] - How tall the element is.
 */
export class GrowMessages extends LitElement {
  static override properties = {
    apiUrl: { attribute: 'api-url' },
    tokenUrl: { attribute: 'token-url' },
    token: {},
    getToken: { attribute: false },
    threadId: { attribute: 'thread-id' },
    locale: {},
    strings: { attribute: false },
    crisisPhone: { attribute: 'crisis-phone' },
    resourcesUrl: { attribute: 'resources-url' },
    supportUrl: { attribute: 'support-url' },
    cache: {},
    discreet: { type: Boolean },
    idleMinutes: { attribute: 'idle-minutes', type: Number },
    screen: { state: true },
    panel: { state: true },
    later: { state: true },
    rows: { state: true },
    word: { state: true },
  };
  static override styles = [tokens, base, styles];

  /** Where the API is, such as https://messages.clinic.example. Without it, the page's own origin. */
  apiUrl = '';

  /** Asked with the portal's cookie for `{token}`. */
  tokenUrl: string | undefined;

  /** A session token. Set another when it ends. */
  token: string | undefined;

  /** Asked for a session token, at the start and when one ends. */
  getToken: ((request: { reason: TokenReason }) => Promise<string>) | undefined;

  /** The thread that is open. */
  threadId = '';

  /** BCP 47. Without it, the page's, else the browser's. */
  locale: string | undefined;

  /** Words of the portal's own, instead of ours. */
  strings: Partial<Strings> | undefined;

  /** The crisis line's number, as one reads it. */
  crisisPhone: string | undefined;

  /** Where more help is listed. */
  resourcesUrl: string | undefined;

  /** Where the Support Team is reached. Without it, the page hears `grow-support-request`. */
  supportUrl: string | undefined;

  /** Where threads and unsent words are kept: sealed on the device, or in memory until the page is left. */
  cache: 'device' | 'memory' | undefined;

  /** Says little to whoever looks over a shoulder: no previews, a neutral title, a way to hide it all at once. */
  discreet = false;

  /** After how long without a sign of life everything is put out of sight. Discreet, ten; else never. */
  idleMinutes: number | null | undefined;

  private screen: Screen = { kind: 'inbox' };
  /** What stands before the screen until it is closed, with the screen kept as it is. */
  private panel: PanelWantedEvent['detail'] | undefined;
  /** Whether what is loaded later and was wanted last is there. */
  private later: 'loading' | 'there' | 'failed' = 'there';
  private rows: RowsWanted = {};
  /** A word to the reader until the next one. */
  private word = '';

  #wasInList = false;
  #selfId: string | undefined;
  #focusAfter: typeof list | `grow-${Screen['kind'] | PanelWantedEvent['detail']['panel']}` | undefined;
  readonly #speaker = new LanguageController(this);
  readonly #news = new PageNews(this);
  readonly #client: ClientController = new ClientController(this, {
    onSent: (threadId, messageId) => tellPage(this, 'grow-message-sent', { threadId, messageId }),
  });

  /** Opens a thread. One that is not this person's is said to be missing. */
  openThread(threadId: string): void {
    this.threadId = threadId;
    this.screen = { kind: 'thread', threadId };
    this.panel = undefined;
    this.#focusAfter = 'grow-thread';
  }

  /** Opens the composer, to this person or to one that is yet to be chosen. */
  compose(personId = ''): void {
    this.threadId = '';
    this.screen = { kind: 'compose', personId };
    this.panel = undefined;
    void this.#want('grow-compose');
  }

  /**
   * Shreds what this device remembers of the person. Asks first where something is unsent, and rejects with an
   * AbortError where they stay. Resolves when nothing of it can be read any more.
   */
  async signOut(): Promise<void> {
    await this.#client.value?.signOut(async () =>
      (await import('./view/grow-sign-out.ts')).askToErase(this, this.#language),
    );
  }

  /** Fetches everything anew, as a device would that knows nothing. Words not sent yet stay. */
  async refresh(): Promise<void> {
    await this.#client.value?.refresh();
  }

  protected override willUpdate(changed: PropertyValues): void {
    this.#client.follow(changed);
    // What hides everything has to be there before there is anything to hide.
    if (this.#isUnguarded && this.later === 'there') void this.#want('grow-quick-hide');
    this.#greet();
    // Said where it was asked for; elsewhere it would be said of nothing.
    if (changed.has('screen')) this.word = '';
    if (!changed.has('threadId')) return;
    if (this.threadId) this.screen = { kind: 'thread', threadId: this.threadId };
    else if (this.screen.kind === 'thread') this.screen = { kind: 'inbox' };
  }

  /** Whoever comes after somebody else begins at the beginning: what was open is none of their business. */
  #greet(): void {
    const selfId = this.#client.me?.person.id;
    if (selfId === undefined || selfId === this.#selfId) return;
    if (this.#selfId !== undefined) {
      this.threadId = '';
      this.screen = { kind: 'inbox' };
      this.panel = undefined;
      this.rows = {};
    }
    this.#selfId = selfId;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('screen') && this.screen.kind === 'thread') {
      tellPage(this, 'grow-thread-open', { threadId: this.screen.threadId });
    }
    const { session } = this.#client;
    this.#news.tell(session, this.#client.inbox);
    if (session === 'locked' || session === 'left') this.#crisis?.withdraw();
    this.#moveFocus();
  }

  protected override render() {
    const { strings, locale, direction } = this.#language;
    const session = this.#client.session;
    const isReady = session === 'ready' && !this.#isUnguarded;
    const isLocked = session === 'locked';
    return html`
      <div class="shell" lang=${locale ?? nothing} dir=${direction}>
        ${
          isLocked || this.#isGuarded
            ? html`<grow-quick-hide
                .discreet=${this.discreet}
                .idleMinutes=${this.idleMinutes}
                .session=${session}
                .language=${this.#language}
                @hide-wanted=${this.#handleHide}
                @show-wanted=${this.#handleShow}
              ></grow-quick-hide>`
            : nothing
        }
        <div class="notices" role="status">
          ${isReady && this.#client.connection === 'offline' ? html`<p>${strings.offline}</p>` : nothing}
          ${this.word ? html`<p>${this.word}</p>` : nothing}
          <grow-unkept .client=${this.#client.value} .language=${this.#language}></grow-unkept>
        </div>
        ${isReady ? this.#panes() : isLocked ? nothing : html`<main>${this.#gate()}</main>`}
        <slot name="disclaimer"></slot>
        <grow-crisis
          exportparts="crisis"
          .strings=${strings}
          .more=${this.#client.me?.guidance?.crisisLines}
          .phone=${this.crisisPhone}
          .resourcesUrl=${this.resourcesUrl}
        ></grow-crisis>
      </div>
    `;
  }

  #panes() {
    const { strings } = this.#language;
    const inbox = this.#client.inbox;
    return html`
      <main data-screen=${this.screen.kind}>
        <div class="list">
          <div class="top">
            <slot name="header"><h1>${this.discreet ? strings.discreetTitle : strings.title}</h1></slot>
            <button class="primary" @click=${() => this.compose()}>${strings.composeMessage}</button>
          </div>
          ${this.#tools()}
          <grow-inbox
            exportparts="thread"
            .threads=${inbox?.threads.filter(
              this.rows.keep ?? (({ id, lastSeq }) => lastSeq > 0 || id === this.threadId),
            )}
            .hasMore=${inbox?.next !== undefined}
            .current=${this.screen.kind === 'thread' ? this.screen.threadId : ''}
            .selfId=${this.#client.me?.person.id ?? ''}
            .discreet=${this.discreet}
            .rows=${this.rows}
            .language=${this.#language}
            @thread-chosen=${this.#handleThreadChosen}
            @page-wanted=${this.#handlePageWanted}
          >
            <slot name="empty" slot="empty">
              <p class="hint"><strong>${strings.inboxEmpty}</strong><br />${strings.inboxEmptyHint}</p>
            </slot>
          </grow-inbox>
        </div>
        <div class="open" @keydown=${this.#handleKeydown}>${this.#opened()}${this.#panel()}</div>
      </main>
    `;
  }

  /** A provider's clients may be thousands: what finds them among each other is fetched for them alone. */
  #tools() {
    if (this.#client.me?.person.role !== 'provider') return nothing;
    load('grow-inbox-tools').catch(() => undefined);
    return html`
      <grow-inbox-tools
        exportparts="thread"
        .current=${this.threadId}
        .discreet=${this.discreet}
        .language=${this.#language}
        @rows-wanted=${({ detail }: RowsWantedEvent) => (this.rows = detail)}
        @thread-chosen=${this.#handleThreadChosen}
        @compose-wanted=${({ detail: { personId } }: ComposeWantedEvent) => this.compose(personId)}
      ></grow-inbox-tools>
    `;
  }

  #opened() {
    const { screen } = this;
    const { strings } = this.#language;
    if (screen.kind === 'inbox') {
      return this.#client.inbox?.threads.length ? html`<p class="hint">${strings.chooseThread}</p>` : nothing;
    }
    if (screen.kind === 'thread') {
      return html`
        <grow-thread
          alone
          exportparts="timeline, bubble, input, send"
          ?hidden=${this.panel}
          .discreet=${this.discreet}
          .client=${this.#client.value}
          .threadId=${screen.threadId}
          .language=${this.#language}
          @go-back=${this.#handleBack}
          @danger-heard=${this.#offerHelp}
          @panel-wanted=${this.#handlePanelWanted}
          @support-wanted=${this.#handleSupportWanted}
          @refresh-wanted=${this.refresh}
        ></grow-thread>
      `;
    }
    if (this.later === 'failed' && !this.panel) return this.#partFailed('grow-compose');
    return html`
      <grow-compose
        exportparts="timeline, bubble, input, send"
        ?hidden=${this.panel}
        .personId=${screen.personId}
        .discreet=${this.discreet}
        .language=${this.#language}
        @person-chosen=${this.#handlePersonChosen}
        @thread-chosen=${this.#handleThreadChosen}
        @go-back=${this.#handleBack}
        @danger-heard=${this.#offerHelp}
        @panel-wanted=${this.#handlePanelWanted}
        @support-wanted=${this.#handleSupportWanted}
        @refresh-wanted=${this.refresh}
      ></grow-compose>
    `;
  }

  #panel() {
    const { panel } = this;
    if (!panel) return nothing;
    if (this.later === 'failed') return this.#partFailed(`grow-${panel.panel}`);
    const me = this.#client.me;
    return panel.panel === 'guide'
      ? html`
          <grow-guide
            .guidance=${me?.guidance}
            .discreet=${this.discreet}
            .language=${this.#language}
            @go-back=${this.#handlePanelClosed}
            @support-wanted=${this.#handleSupportWanted}
          ></grow-guide>
        `
      : html`
          <grow-readers
            .self=${me?.person}
            .other=${this.#client.inbox?.threads.find(({ id }) => id === panel.threadId)?.with}
            .discreet=${this.discreet}
            .language=${this.#language}
            @go-back=${this.#handlePanelClosed}
          ></grow-readers>
        `;
  }

  #partFailed(part: Part) {
    const { strings } = this.#language;
    const close = this.panel ? this.#handlePanelClosed : this.#handleBack;
    return this.#notice([strings.partFailed, ''], () => void this.#want(part), close);
  }

  /** What stands in place of the messages where there are none to show. */
  #gate() {
    const { strings } = this.#language;
    if (this.#isUnguarded && this.later === 'failed') {
      return this.#notice([strings.partFailed, ''], () => void this.#want('grow-quick-hide'));
    }
    const gate = strings.gates[this.#client.session ?? ''];
    if (gate) return this.#notice(gate, this.#handleTryAgain);
    return html`<p class="gate" role="status">${strings.loading}</p>`;
  }

  #notice([title, hint]: readonly [string, string], tryAgain: () => void, close?: () => void) {
    const { strings } = this.#language;
    const session = this.#client.session;
    return html`
      <div class="gate" role="alert">
        <h2>${title}</h2>
        <p>${hint}</p>
        <button class="primary" @click=${tryAgain}>${strings.tryAgain}</button>
        ${close ? html`<button class="quiet" @click=${close}>${strings.cancel}</button>` : nothing}
        ${
          session === 'failed'
            ? html`
                <button class="quiet" @click=${this.refresh}>${strings.refresh}</button>
                <button class="quiet" @click=${() => this.#askSupport('failed')}>
                  ${strings.contactSupport}
                </button>
              `
            : nothing
        }
      </div>
    `;
  }

  readonly #handleTryAgain = () => this.#client.tryAgain();

  /** Nothing is drawn any more by the next frame: the session says so before anything is waited for. */
  readonly #handleHide = () => {
    this.#wasInList = this.shadowRoot?.activeElement?.localName === 'grow-inbox';
    void this.#client.value?.lock();
  };

  readonly #handleShow = () => {
    this.#focusAfter = this.#wasInList ? 'grow-inbox' : `grow-${this.panel?.panel ?? this.screen.kind}`;
    this.#handleTryAgain();
  };

  readonly #offerHelp = () => this.#crisis?.offer();

  readonly #handleBack = () => {
    this.threadId = '';
    this.screen = { kind: 'inbox' };
    this.#focusAfter = list;
  };

  readonly #handlePersonChosen = ({ detail: { personId } }: PersonChosenEvent) => {
    this.screen = { kind: 'compose', personId };
  };

  readonly #handlePageWanted = async () => {
    try {
      await this.#client.value?.loadMoreThreads();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      tellPage(this, 'grow-error', { code: error.code });
    }
  };

  readonly #handlePanelWanted = ({ detail }: PanelWantedEvent) => {
    const part = (this.#focusAfter = `grow-${detail.panel}` as const);
    this.panel = detail;
    void this.#want(part);
  };

  readonly #handlePanelClosed = () => {
    this.panel = undefined;
    this.later = 'there';
    this.#focusAfter = this.screen.kind === 'thread' ? 'grow-thread' : 'grow-compose';
  };

  readonly #handleKeydown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event)) return;
    if (this.panel) this.#handlePanelClosed();
    else if (this.screen.kind === 'compose') this.#handleBack();
  };

  readonly #handleSupportWanted = ({ detail: { reason } }: SupportWantedEvent) => this.#askSupport(reason);

  #askSupport(reason: string): void {
    const { threadId } = this;
    if (!tellPage(this, 'grow-support-request', { reason, ...(threadId ? { threadId } : undefined) })) return;
    if (this.supportUrl) open(this.supportUrl, '_blank', 'noopener');
    else this.word = this.#language.strings.supportHow;
  }

  readonly #handleThreadChosen = ({ detail: { threadId } }: ThreadChosenEvent) => this.openThread(threadId);

  /** What is fetched when it is first wanted is an empty box until it is there. */
  async #want(part: Part): Promise<void> {
    this.later = 'loading';
    this.later = await load(part).then(
      () => 'there',
      () => 'failed',
    );
  }

  get #language() {
    return this.#speaker.value;
  }

  get #crisis() {
    return this.renderRoot.querySelector<GrowCrisis>('grow-crisis');
  }

  get #isGuarded(): boolean {
    return this.discreet || typeof this.idleMinutes === 'number';
  }

  get #isUnguarded(): boolean {
    return this.#isGuarded && !customElements.get('grow-quick-hide');
  }

  #moveFocus(): void {
    const target = this.#focusAfter && this.renderRoot.querySelector<HTMLElement>(this.#focusAfter);
    if (!target) return;
    this.#focusAfter = undefined;
    // The target draws itself after us; before that there is nothing in it to focus.
    queueMicrotask(() => target.focus());
  }
}
