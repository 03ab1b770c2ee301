import { css, html, LitElement, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { Language } from './language.ts';
import { base } from './tokens.styles.ts';

/** The line that says what does not work just now, in words, and says it once. */
export class GrowConnection extends LitElement {
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

  @property({ attribute: 'is-offline', type: Boolean }) isOffline = false;

  @property({ attribute: 'is-not-kept', type: Boolean }) isNotKept = false;

  @property({ attribute: false }) language!: Language;

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
