import { ContextProvider } from '@lit/context';
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { clientContext } from '../widget/state/client-context.ts';
import type { ClientSettings, MessagingClient, Session } from '../widget/state/messaging-client.ts';
import { acquire, release } from '../widget/state/shared-clients.ts';
import { StoreController } from '../widget/state/store-controller.ts';
import { base, tokens } from '../widget/view/tokens.styles.ts';

/** What an element of the inside stands in when it stands alone: the tokens, and the client where it wants one. */
export class StoryFrame extends LitElement {
  static override properties = {
    content: { attribute: false },
    settings: { attribute: false },
    fills: { type: Boolean, reflect: true },
  };
  static override styles = [
    tokens,
    base,
    css`
      :host {
        background: var(--_paper);
        container-type: inline-size;
        display: block;
      }

      :host([fills]) {
        block-size: 100dvb;
        container-type: size;
        display: flex;
        flex-direction: column;
      }

      :host([fills]) > * {
        flex: 1;
        min-block-size: 0;
      }
    `,
  ];

  content: (client: MessagingClient | undefined) => unknown = () => nothing;

  /** Where the clinic is, for an element that knows the client. */
  settings: ClientSettings | undefined;

  /** Whether the content is as tall as the page. */
  fills = false;

  #client: MessagingClient | undefined;
  readonly #provider = new ContextProvider(this, { context: clientContext });
  readonly #session = new StoreController<Session>(this);

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.#client) release(this.#client);
    this.#client = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('settings') || !this.settings) return;
    this.#client = acquire(this.settings);
    this.#provider.setValue(this.#client);
    this.#session.follow(this.#client.session);
  }

  protected override render() {
    return this.settings && this.#session.value !== 'ready' ? nothing : html`${this.content(this.#client)}`;
  }
}

customElements.define('story-frame', StoryFrame);
