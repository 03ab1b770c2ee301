import { html, LitElement, nothing } from 'lit';
import { styles } from './grow-crisis.styles.ts';
import { english, type Strings } from './strings.ts';
import { base } from './tokens.styles.ts';

const resources = 'https://988lifeline.org/get-help/';

/**
 * Whom to call when it can't wait. Needs no network, no token and no data, and stands on every screen;
 * opened, it says all there is to say.
 *
 * @csspart crisis - The whole strip.
 */
export class GrowCrisis extends LitElement {
  static override properties = {
    strings: { attribute: false },
    phone: {},
    resourcesUrl: { attribute: 'resources-url' },
    state: { state: true },
  };
  static override styles = [base, styles];

  strings: Strings = english;

  /** The crisis line's number, as one reads it. */
  phone = '+1 800-273-8255';

  /** Where more help is listed. */
  resourcesUrl = resources;

  private state: 'closed' | 'open' | 'offered' = 'closed';

  /** Opens because of what somebody writes: gently, moving neither them nor the focus. */
  offer(): void {
    this.state = 'offered';
  }

  protected override render() {
    const { strings, state } = this;
    const isOpen = state !== 'closed';
    return html`
      <section part="crisis" aria-label=${strings.crisisRegion}>
        <p role="status">${state === 'offered' ? strings.crisisOffer : nothing}</p>
        <p class="lines">
          <strong>${strings.crisisLead}</strong>
          ${dial('911')} <span aria-hidden="true">·</span> ${dial('988')}
          ${isOpen ? html`<a href="sms:988">${strings.crisisText}</a>` : nothing}
          <span>${strings.crisisOr}</span>
          ${dial(this.phone)}
          <button
            class="link"
            aria-expanded=${isOpen}
            aria-controls="words"
            @click=${() => (this.state = isOpen ? 'closed' : 'open')}
          >
            ${strings.crisisMore}
          </button>
        </p>
        <p id="words" class="words ${isOpen ? 'open' : ''}">
          ${strings.crisisDisclaimer(this.phone)}
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
  return html`<a dir="ltr" href="tel:${phone.replace(/[^+\d]/g, '')}">${phone}</a>`;
}
