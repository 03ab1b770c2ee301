import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Inbox } from './cache/inbox.ts';
import type { MessagingClient } from './state/messaging-client.ts';
import { acquireAny, onNewClient, release } from './state/shared-clients.ts';
import { StoreController } from './state/store-controller.ts';
import { LanguageController } from './view/language-controller.ts';
import type { Strings } from './view/strings.ts';
import { base, tokens } from './view/tokens.styles.ts';

/**
 * The lilac UNREAD mark for a portal's side bar. It shares the connection of the `<grow-messages>` on the
 * page, and shows nothing where nothing is unread.
 *
 * @csspart mark - The mark.
 */
export class GrowMessagesBadge extends LitElement {
  static override properties = {
    apiUrl: { attribute: 'api-url' },
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

  /** The `api-url` of the element whose connection it shares. Without it, the first on the page. */
  apiUrl: string | undefined;

  /** BCP 47. Without it, the page's language. */
  locale: string | undefined;

  strings: Partial<Strings> | undefined;

  readonly #speaker = new LanguageController(this);

  #client: MessagingClient | undefined;
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
    if (this.isConnected && (!this.hasUpdated || changed.has('apiUrl'))) this.#join();
  }

  protected override render() {
    const { strings } = this.#speaker.value;
    const unread = this.#inbox.value?.unread ?? 0;
    if (unread === 0) return nothing;
    return html`
      <span class="mark" part="mark" aria-hidden="true">${strings.unreadMark}</span>
      <span class="only-heard">${strings.unreadCount(unread)}</span>
    `;
  }

  #join(): void {
    this.#leave();
    this.#client = acquireAny(this.apiUrl);
    this.#inbox.follow(this.#client?.inbox);
  }

  #leave(): void {
    if (this.#client) release(this.#client);
    this.#client = undefined;
  }
}
