import { html, LitElement, nothing } from 'lit';
import type { Guidance } from '../../protocol/me.ts';
import { styles } from './grow-crisis.styles.ts';
import { english, type CoreStrings } from './strings.ts';
import { base } from './tokens.styles.ts';

const counselors = '+1 800-273-8255';
const resources = 'https://988lifeline.org/get-help/';

/** Stands in the disclaimer for the number, which may be one that its words have anyway. */
const gap = '\u0001';

/**
 * Whom to call when it can't wait. Needs no network, no token and no data, and stands on every screen;
 * opened, it says all there is to say.
 *
 * @csspart crisis - The whole strip.
 */
export class GrowCrisis extends LitElement {
  static override properties = {
    strings: {},
    phone: {},
    resourcesUrl: {},
    more: {},
    state: { state: true },
  };
  static override styles = [base, styles];

  strings: CoreStrings = english;

  /** The crisis line's number, as one reads it. Without it, the help article's. */
  phone: string | undefined;

  /** Where more help is listed. Without it, at the lifeline's own page. */
  resourcesUrl: string | undefined;

  /** Lines of the clinic's own, beside those that are always there. */
  more: Guidance['crisisLines'] | undefined;

  private state: 'closed' | 'open' | 'offered' = 'closed';

  /** Opens because of what somebody writes: gently, moving neither them nor the focus. */
  offer(): void {
    this.state = 'offered';
  }

  /** Takes an offer back: it tells of what somebody wrote. */
  withdraw(): void {
    if (this.state === 'offered') this.state = 'closed';
  }

  protected override render() {
    const { strings, state } = this;
    const isOpen = state !== 'closed';
    // Ours where what the portal gave is no number.
    const phone = this.phone && /\d/.test(this.phone) ? this.phone : counselors;
    const isThird = !/^9(11|88)$/.test(digitsOf(phone));
    // A number stays in one piece, and reads from left to right also among words that don't.
    const [before, after] = strings.crisisDisclaimer(gap).split(gap);
    return html`
      <section part="crisis" aria-label=${strings.crisisRegion}>
        <p role="status">${state === 'offered' ? strings.crisisOffer : nothing}</p>
        <p class="lines">
          <strong>${strings.crisisLead}</strong>
          ${link('tel', '911')} <span aria-hidden="true">·</span> ${link('tel', '988')}
          ${isThird ? html`<span>${strings.crisisOr}</span> ${link('tel', phone)}` : nothing}
          <button
            class="link"
            aria-expanded=${isOpen}
            aria-controls="words"
            @click=${() => (this.state = isOpen ? 'closed' : 'open')}
          >
            ${strings.crisisMore}
          </button>
        </p>
        <div id="words" class=${isOpen ? 'words open' : 'words'}>
          ${before}<bdi class="number">${phone}</bdi>${after} ${isOpen ? this.#list(phone) : nothing}
          <a href=${pageAt(this.resourcesUrl)} target="_blank" rel="noopener noreferrer"
            >${strings.crisisResources}</a
          >
        </div>
      </section>
    `;
  }

  #list(crisisLine: string) {
    const { strings } = this;
    const [emergency, lifeline, counselor] = strings.crisisLines;
    const lines = [
      { label: emergency, phone: '911', takesTexts: false },
      { label: lifeline, phone: '988', takesTexts: true },
      { label: counselor, phone: crisisLine, takesTexts: false },
      ...(this.more ?? []),
    ];
    const numbers = lines.map(({ phone }) => digitsOf(phone));
    return html`
      <ul>
        ${lines
          .filter(({ phone }, at) => numbers.indexOf(digitsOf(phone)) === at)
          .map(
            ({ label, phone, takesTexts }) => html`
              <li>
                ${label} ${link('tel', phone, strings.crisisCall)}
                ${takesTexts ? link('sms', phone, strings.crisisText) : nothing}
              </li>
            `,
          )}
      </ul>
    `;
  }
}

/** The portal's page of resources; ours where what it gave is no address of a page. */
function pageAt(url: string | undefined): string {
  if (!url || !URL.canParse(url, document.baseURI)) return resources;
  return /^https?:$/.test(new URL(url, document.baseURI).protocol) ? url : resources;
}

function link(scheme: 'tel' | 'sms', phone: string, words = '') {
  return html`<a href=${`${scheme}:${digitsOf(phone)}`}>${words && `${words} `}<bdi>${phone}</bdi></a>`;
}

function digitsOf(phone: string): string {
  return phone.replace(/[^+\d]/g, '');
}
