import { css, html, LitElement, nothing } from 'lit';
import type { Language } from './language.ts';
import { base } from './tokens.styles.ts';

/** The line that says what does not work just now, in words, and says it once. */
export class GrowConnection extends LitElement {
  static override properties = {
    isOffline: { attribute: 'is-offline', type: Boolean },
    isNotKept: { attribute: 'is-not-kept', type: Boolean },
    language: { attribute: false },
  };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        flex: none;
      }

      p {
        background: color-mix(in oklab, var(--_accent) 35%, var(--_paper));
        font-size: 0.875em;
        padding: 0.375rem 1rem;
      }
    `,
  ];

  isOffline = false;

  isNotKept = false;

  language!: Language;

  protected override render() {
    const { strings } = this.language;
    return html`
      <div role="status">
        ${this.isOffline ? html`<p>${strings.offline}</p>` : nothing}
        ${this.isNotKept ? html`<p>${strings.notKept}</p>` : nothing}
      </div>
    `;
  }
}
