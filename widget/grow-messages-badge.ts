import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Inbox } from './cache/inbox.ts';
import { acquireAny, onNewClient } from './state/any-client.ts';
import type { ClientSettings, MessagingClient } from './state/messaging-client.ts';
import { acquire, needsOther, release, settingsOf } from './state/shared-clients.ts';
import { StoreController } from './state/store-controller.ts';
import { LanguageController } from './view/language-controller.ts';
import type { Strings } from './view/strings.ts';
import { base, tokens } from './view/tokens.styles.ts';

/**
 * The lilac UNREAD mark for a portal's side bar. It shares the connection of the `<grow-messages>` on the
 * page; where there is none, it makes its own if it is told how to get a token. It shows nothing where nothing
 * is unread, or nobody is signed in.
 *
 * @csspart mark - The mark.
 */
export class GrowMessagesBadge extends LitElement {
  static override properties = {
    apiUrl: { attribute: 'api-url' },
    tokenUrl: { attribute: 'token-url' },
    token: {},
    getToken: { attribute: false },
    cache: {},
    locale: {},
    strings: { attribute: false },
  };
  static override styles = [
    tokens,
    base,
    css`
      :host {
        display: inline-block;
        line-height: 1;
      }

      .mark {
        display: inline-block;
        font-size: 0.6875em;
        letter-spacing: 0.04em;
        line-height: 1;
        padding: 0.3125em 0.625em;
      }
    `,
  ];

  /** The `api-url` of the element whose connection it shares. Without it, of any on the page. */
  apiUrl = '';

  /** Where a token comes from while there is no such element, as it would be told. Without one of these, from nowhere. */
  tokenUrl: string | undefined;
  token: string | undefined;
  getToken: ClientSettings['getToken'];

  /** Where this connection of its own keeps what it learns, as on the element. */
  cache: ClientSettings['cache'];

  /** BCP 47. Without it, the page's language. */
  locale: string | undefined;

  strings: Partial<Strings> | undefined;

  readonly #speaker = new LanguageController(this);

  #client: MessagingClient | undefined;
  /** Whether it is by our own settings that there is a client. */
  #isOwn = false;
  #unlisten: (() => void) | undefined;
  readonly #inbox = new StoreController<Inbox | undefined>(this);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unlisten = onNewClient(() => this.#join());
    if (this.hasUpdated) this.#join();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unlisten?.();
    this.#leave();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isOther = needsOther(changed, this, this.#client);
    if (this.isConnected && (!this.hasUpdated || isOther)) {
      // Whose our own connection is that was, or where it leads, is no longer asked.
      this.#join(this.#isOwn && !changed.has('apiUrl'));
    }
  }

  protected override render() {
    const { strings, locale } = this.#speaker.value;
    const unread = this.#inbox.value?.unread ?? 0;
    if (unread === 0) return nothing;
    return html`
      <span class="mark" part="mark" aria-hidden="true">${strings.unreadMark}</span>
      <span class="only-heard" lang=${locale ?? nothing}>${strings.unreadCount(unread)}</span>
    `;
  }

  /** Shares a connection, unless our own settings have changed and what there is was made by the old ones. */
  #join(isStale = false): void {
    this.#leave();
    if (!isStale) this.#client = acquireAny(this.apiUrl);
    if (!this.#client && (this.getToken ?? this.tokenUrl ?? this.token)) {
      const client = acquire(settingsOf(this));
      // Whoever looks is told of a new one, and so were we.
      this.#leave();
      this.#client = client;
      this.#isOwn = true;
    }
    this.#inbox.follow(this.#client?.inbox);
  }

  #leave(): void {
    if (this.#client) release(this.#client);
    this.#client = undefined;
    this.#isOwn = false;
  }
}
