import { html, LitElement, nothing } from 'lit';
import { styles } from './grow-crisis.styles.ts';
import { english, type Strings } from './strings.ts';
import { base } from './tokens.styles.ts';

/**
 * Whom to call when it can't wait. Needs no network, no token and no data, and stands on every screen;
 * opened, it lists each way to be heard.
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
  resourcesUrl = 'https://988lifeline.org/get-help/';

  private state: 'closed' | 'open' | 'offered' = 'closed';

  /** Opens because of what somebody writes: gently, and moving neither them nor the focus. */
  open(): void {
    if (this.state === 'closed') this.state = 'offered';
  }

  protected override render() {
    const { strings, phone } = this;
    const isOpen = this.state !== 'closed';
    return html`
      <section part="crisis" aria-label=${strings.crisisRegion}>
        <p class="lines">
          <strong>${strings.crisisLead}</strong>
          ${dial('911', '911')} <span aria-hidden="true">·</span> ${dial('988', '988')}
          <span>${strings.crisisOr}</span> ${dial(phone, phone)}
          <button class="link" aria-expanded=${isOpen} aria-controls="more" @click=${this.#toggle}>
            ${isOpen ? strings.crisisLess : strings.crisisMore}
          </button>
        </p>
        <p class="gentle" role="status">${this.state === 'offered' ? strings.crisisGentle : nothing}</p>
        <div id="more" class=${isOpen ? 'open' : ''}>
          ${isOpen ? this.#ways() : nothing}
          <p>
            ${strings.crisisDisclaimer}
            <a href=${this.resourcesUrl} target="_blank" rel="noopener noreferrer">${strings.crisisResources}</a>
          </p>
        </div>
      </section>
    `;
  }

  #ways() {
    const { strings, phone } = this;
    return html`
      <ul>
        <li><span>${strings.crisisEmergency}</span> ${dial('911', strings.crisisCall('911'))}</li>
        <li>
          <span>${strings.crisisLifeline}</span> ${dial('988', strings.crisisCall('988'))}
          <a href="sms:988">${strings.crisisText('988')}</a>
        </li>
        <li><span>${strings.crisisCounselor}</span> ${dial(phone, strings.crisisCall(phone))}</li>
      </ul>
    `;
  }

  #toggle(): void {
    this.state = this.state === 'closed' ? 'open' : 'closed';
  }
}

function dial(phone: string, words: string) {
  return html`<a href="tel:${phone.replace(/[^+\d]/g, '')}">${words}</a>`;
}
