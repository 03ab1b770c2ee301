import { html, LitElement } from 'lit';
import { styles } from './grow-crisis.styles.ts';
import { english, type Strings } from './strings.ts';
import { base } from './tokens.styles.ts';

const resources = 'https://988lifeline.org/get-help/';

/**
 * Whom to call when it can't wait. Needs no network, no token and no data, and stands on every screen.
 *
 * @csspart crisis - The whole strip.
 */
export class GrowCrisis extends LitElement {
  static override properties = {
    strings: { attribute: false },
    phone: {},
    resourcesUrl: { attribute: 'resources-url' },
    isOpen: { state: true },
  };
  static override styles = [base, styles];

  strings: Strings = english;

  /** The crisis line's number, as one reads it. */
  phone = '+1 800-273-8255';

  /** Where more help is listed. */
  resourcesUrl = resources;

  private isOpen = false;

  protected override render() {
    const { strings } = this;
    return html`
      <section part="crisis" aria-label=${strings.crisisRegion}>
        <p class="lines">
          <strong>${strings.crisisLead}</strong>
          ${dial('911')} <span aria-hidden="true">·</span> ${dial('988')} <span>${strings.crisisOr}</span>
          ${dial(this.phone)}
          <button
            class="link"
            aria-expanded=${this.isOpen}
            aria-controls="words"
            @click=${() => (this.isOpen = !this.isOpen)}
          >
            ${strings.crisisMore}
          </button>
        </p>
        <p id="words" class="words ${this.isOpen ? 'open' : ''}">
          ${strings.crisisDisclaimer}
          <a href=${pageAt(this.resourcesUrl)} target="_blank" rel="noopener noreferrer"
            >${strings.crisisResources}</a
          >
        </p>
      </section>
    `;
  }
}

/** The portal's page of resources; ours where what it gave is no address of a page. */
function pageAt(url: string): string {
  if (!URL.canParse(url, document.baseURI)) return resources;
  return /^https?:$/.test(new URL(url, document.baseURI).protocol) ? url : resources;
}

function dial(phone: string) {
  return html`<a href="tel:${phone.replace(/[^+\d]/g, '')}">${phone}</a>`;
}
