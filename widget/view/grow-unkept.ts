import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { MessagingClient, Session } from '../state/messaging-client.ts';
import { StoreController } from '../state/store-controller.ts';
import { unkeptEnglish } from './grow-unkept.strings.ts';
import type { Language } from './language.ts';
import { base } from './tokens.styles.ts';

/**
 * Says that what was written and not sent lives in this page alone, while it does, and has the browser ask before
 * the page is closed; behind a cover too, where it says nothing.
 */
export class GrowUnkept extends LitElement {
  static override properties = { client: {}, language: {} };
  static override styles = [
    base,
    css`
      p {
        background: color-mix(in oklab, var(--_accent) 35%, var(--_paper));
        font-size: 0.875em;
        padding: 0.375rem 1rem;
      }
    `,
  ];

  client: MessagingClient | undefined;

  language!: Language;

  readonly #unkept = new StoreController<boolean>(this);
  readonly #session = new StoreController<Session>(this);

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('beforeunload', ask);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('client')) return;
    this.#unkept.follow(this.client?.unkept);
    this.#session.follow(this.client?.session);
  }

  protected override render() {
    if (!this.#unkept.value || this.#session.value !== 'ready') return nothing;
    return html`<p>${this.language.words(unkeptEnglish).unkept}</p>`;
  }

  protected override updated(): void {
    // A listener that is always there keeps some browsers from going back to a page at once.
    if (this.#unkept.value && this.isConnected) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask);
  }
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
