import { ContextProvider } from '@lit/context';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Me } from '../protocol/me.ts';
import type { Inbox } from './cache/inbox.ts';
import { styles } from './grow-messages.styles.ts';
import { loadCompose } from './load-compose.ts';
import {
  GrowErrorEvent,
  GrowMessageSentEvent,
  GrowReadyEvent,
  GrowSessionExpiredEvent,
  GrowThreadOpenEvent,
  GrowUnreadChangeEvent,
} from './public-events.ts';
import { clientContext } from './state/client-context.ts';
import type { MessagingClient, Session } from './state/messaging-client.ts';
import { acquire, release, renew } from './state/shared-clients.ts';
import { StoreController } from './state/store-controller.ts';
import type { Connection } from './sync/sync-loop.ts';
import { ApiError } from './transport/api-error.ts';
import type { TokenReason } from './transport/token-source.ts';
import type { ThreadChosenEvent } from './view/events.ts';
import type { GrowCrisis } from './view/grow-crisis.ts';
import { Language } from './view/language.ts';
import type { Strings } from './view/strings.ts';
import { base, tokens } from './view/tokens.styles.ts';

/** What is open beside the list, or instead of it where there is no room for both. */
type Screen =
  | { readonly kind: 'inbox' }
  | { readonly kind: 'thread'; readonly threadId: string }
  | { readonly kind: 'compose'; readonly personId: string };

/**
 * Secure messages between a client and their provider: inbox, thread, composer and crisis lines, on both
 * sides; the role follows from the session.
 *
 * @fires {GrowReadyEvent} grow-ready
 * @fires {GrowUnreadChangeEvent} grow-unread-change
 * @fires {GrowThreadOpenEvent} grow-thread-open
 * @fires {GrowMessageSentEvent} grow-message-sent
 * @fires {GrowSessionExpiredEvent} grow-session-expired
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
    screen: { state: true },
    canCompose: { state: true },
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

  /** BCP 47. Without it, the browser's. */
  locale: string | undefined;

  /** Words of the portal's own, instead of ours. */
  strings: Partial<Strings> | undefined;

  /** The crisis line's number, as one reads it. */
  crisisPhone: string | undefined;

  /** Where more help is listed. */
  resourcesUrl: string | undefined;

  private screen: Screen = { kind: 'inbox' };
  private canCompose: 'loading' | 'yes' | 'failed' = 'loading';

  #client: MessagingClient | undefined;
  #language = new Language();
  #unlisten: (() => void) | undefined;
  #told: Session | undefined;
  #unread: number | undefined;
  #focusAfter: 'grow-thread' | 'grow-inbox' | undefined;
  readonly #clientProvider = new ContextProvider(this, { context: clientContext });
  readonly #session = new StoreController<Session>(this);
  readonly #connection = new StoreController<Connection>(this);
  readonly #inbox = new StoreController<Inbox | undefined>(this);
  readonly #me = new StoreController<Me | undefined>(this);

  /** Opens a thread. One that is not this person's is said to be missing. */
  openThread(threadId: string): void {
    this.threadId = threadId;
    this.screen = { kind: 'thread', threadId };
    this.#focusAfter = 'grow-thread';
  }

  /** Opens the composer, to this person or to one that is yet to be chosen. */
  compose(personId = ''): void {
    this.threadId = '';
    this.screen = { kind: 'compose', personId };
    void this.#loadCompose();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('locale') || changed.has('strings')) {
      this.#language = new Language(this.locale, this.strings);
    }
    const isElsewhere = (['apiUrl', 'tokenUrl', 'getToken'] as const).some((name) => changed.has(name));
    const isOther = changed.has('token') && !(this.#client && this.token && renew(this.#client, this.token));
    // Taken off the page before it was ever drawn, or given other settings there: nobody would let go.
    if (this.isConnected && (isElsewhere || isOther || !this.#client)) this.#connect();
    if (!changed.has('threadId')) return;
    if (this.threadId) this.screen = { kind: 'thread', threadId: this.threadId };
    else if (this.screen.kind === 'thread') this.screen = { kind: 'inbox' };
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('screen') && this.screen.kind === 'thread') {
      this.dispatchEvent(new GrowThreadOpenEvent(this.screen.threadId));
    }
    this.#tellPage();
    this.#moveFocus();
  }

  protected override render() {
    const { strings } = this.#language;
    const isReady = this.#session.value === 'ready';
    return html`
      <div class="shell" lang=${this.#language.locale ?? nothing}>
        <div class="notices" role="status">
          ${isReady && this.#connection.value === 'offline' ? html`<p>${strings.offline}</p>` : nothing}
        </div>
        ${isReady ? this.#panes() : html`<main>${this.#gate()}</main>`}
        <slot name="disclaimer"></slot>
        <grow-crisis
          exportparts="crisis"
          .strings=${strings}
          .phone=${this.crisisPhone ?? '+1 800-273-8255'}
          .resourcesUrl=${this.resourcesUrl ?? 'https://988lifeline.org/get-help/'}
        ></grow-crisis>
      </div>
    `;
  }

  #panes() {
    const { strings } = this.#language;
    const inbox = this.#inbox.value;
    return html`
      <main data-screen=${this.screen.kind}>
        <div class="list">
          <div class="top">
            <slot name="header"><h1>${strings.title}</h1></slot>
            <button class="primary" @click=${() => this.compose()}>${strings.composeMessage}</button>
          </div>
          <grow-inbox
            exportparts="thread"
            .threads=${inbox?.threads.filter(({ id, lastSeq }) => lastSeq > 0 || id === this.threadId)}
            .hasMore=${inbox?.next !== undefined}
            .current=${this.screen.kind === 'thread' ? this.screen.threadId : ''}
            .selfId=${this.#me.value?.person.id ?? ''}
            .language=${this.#language}
            @thread-chosen=${this.#handleThreadChosen}
            @page-wanted=${this.#handlePageWanted}
          >
            <slot name="empty" slot="empty">
              <p class="hint"><strong>${strings.inboxEmpty}</strong><br />${strings.inboxEmptyHint}</p>
            </slot>
          </grow-inbox>
        </div>
        <div class="open">${this.#opened()}</div>
      </main>
    `;
  }

  #opened() {
    const { screen } = this;
    const { strings } = this.#language;
    if (screen.kind === 'inbox') {
      return this.#inbox.value?.threads.length ? html`<p class="hint">${strings.chooseThread}</p>` : nothing;
    }
    if (screen.kind === 'thread') {
      return html`
        <grow-thread
          alone
          exportparts="timeline, bubble, input, send"
          .threadId=${screen.threadId}
          .language=${this.#language}
          @go-back=${this.#handleBack}
          @danger-heard=${this.#offerHelp}
        ></grow-thread>
      `;
    }
    if (this.canCompose === 'failed') {
      return this.#notice([strings.composeMessage, strings.contactsFailed], () => void this.#loadCompose());
    }
    return html`
      <grow-compose
        exportparts="timeline, bubble, input, send"
        .personId=${screen.personId}
        .language=${this.#language}
        @thread-chosen=${this.#handleThreadChosen}
        @go-back=${this.#handleBack}
        @danger-heard=${this.#offerHelp}
      ></grow-compose>
    `;
  }

  /** What stands in place of the messages where there are none to show. */
  #gate() {
    const { strings } = this.#language;
    const gate = strings.gates[this.#session.value ?? ''];
    if (gate) return this.#notice(gate, this.#handleTryAgain);
    return html`<p class="gate" role="status">${strings.loading}</p>`;
  }

  #notice([title, hint]: readonly [string, string], tryAgain: () => void) {
    const { strings } = this.#language;
    return html`
      <div class="gate" role="alert">
        <h2>${title}</h2>
        <p>${hint}</p>
        <button class="primary" @click=${tryAgain}>${strings.tryAgain}</button>
        ${
          this.#session.value === 'ready'
            ? html`<button class="quiet" @click=${this.#handleBack}>${strings.cancel}</button>`
            : nothing
        }
      </div>
    `;
  }

  readonly #handleTryAgain = () => {
    const client = this.#client;
    if (this.#session.value === 'unreachable') client?.wake();
    else client?.start().catch(reportError);
  };

  readonly #offerHelp = () => this.renderRoot.querySelector<GrowCrisis>('grow-crisis')?.offer();

  readonly #handleBack = () => {
    this.threadId = '';
    this.screen = { kind: 'inbox' };
    this.#focusAfter = 'grow-inbox';
  };

  readonly #handlePageWanted = async () => {
    try {
      await this.#client?.loadMoreThreads();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.dispatchEvent(new GrowErrorEvent(error.code));
    }
  };

  readonly #handleThreadChosen = ({ detail: { threadId } }: ThreadChosenEvent) => this.openThread(threadId);

  /** Beginning a conversation is fetched when it is first wanted; until then the element is an empty box. */
  async #loadCompose(): Promise<void> {
    this.canCompose = 'loading';
    this.canCompose = await loadCompose().then(
      () => 'yes',
      () => 'failed',
    );
  }

  #connect(): void {
    this.#disconnect();
    const client = acquire({
      apiUrl: this.apiUrl,
      tokenUrl: this.tokenUrl ?? undefined,
      token: this.token ?? undefined,
      getToken: this.getToken,
    });
    this.#client = client;
    if (this.threadId !== '') client.expect(this.threadId);
    this.#clientProvider.setValue(client);
    this.#session.follow(client.session);
    this.#connection.follow(client.connection);
    this.#inbox.follow(client.inbox);
    this.#me.follow(client.me);
    this.#unlisten = client.listen({
      onSent: (threadId, messageId) => this.dispatchEvent(new GrowMessageSentEvent(threadId, messageId)),
    });
  }

  #disconnect(): void {
    this.#unlisten?.();
    if (this.#client) release(this.#client);
    this.#client = undefined;
  }

  #tellPage(): void {
    const session = this.#session.value;
    const inbox = this.#inbox.value;
    const stage = session === 'ready' && !inbox ? 'starting' : session;
    if (stage !== this.#told) {
      this.#told = stage;
      if (stage === 'ready') this.dispatchEvent(new GrowReadyEvent());
      if (stage === 'signed-out') this.dispatchEvent(new GrowSessionExpiredEvent());
      if (stage === 'unreachable') this.dispatchEvent(new GrowErrorEvent('unavailable'));
      if (stage === 'failed') this.dispatchEvent(new GrowErrorEvent('forbidden'));
    }
    if (inbox && inbox.unread !== this.#unread) {
      this.#unread = inbox.unread;
      this.dispatchEvent(new GrowUnreadChangeEvent(inbox.unread));
    }
  }

  #moveFocus(): void {
    const target = this.#focusAfter && this.renderRoot.querySelector<HTMLElement>(this.#focusAfter);
    if (!target) return;
    this.#focusAfter = undefined;
    // The target draws itself after us; before that there is nothing in it to focus.
    queueMicrotask(() => target.focus());
  }
}
