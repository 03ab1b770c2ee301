import { html, LitElement, nothing } from 'lit';
import { tell } from './events.ts';
import { composeEnglish } from './grow-compose.strings.ts';
import { styles } from './grow-why-not.styles.ts';
import type { Language } from './language.ts';
import { base } from './tokens.styles.ts';

/** Whom to call where the clinic names no number of its own. */
const bookings = '(646) 687-9932';

/**
 * Why somebody can't be written to and what helps, in the help article's words; in place of clearing cookies,
 * a button that does what is meant by it.
 *
 * @fires {RefreshWantedEvent} refresh-wanted - What this device has seems to be wrong.
 * @fires {SupportWantedEvent} support-wanted - The Support Team is to help.
 * @slot - What else one may do about it.
 */
export class GrowWhyNot extends LitElement {
  static override properties = {
    why: {},
    isClient: {},
    phone: {},
    language: {},
  };
  static override styles = [base, styles];

  /** Undefined where nothing is known to stand in the way: then the question is there for whoever has it. */
  why: 'nobody' | 'never-booked' | 'ended' | undefined;

  /** Whether the reader is a client, who can do something about it. */
  isClient = true;

  /** The number for help finding a provider, as one reads it. */
  phone: string | undefined;

  language!: Language;

  protected override render() {
    const strings = this.#strings;
    if (this.why === 'ended') {
      return html`<p>${strings.endedHint}</p>
        <slot></slot>
        ${this.#support('relationship-ended')}`;
    }
    return html`${this.why ? this.#booking() : nothing}<slot></slot>${this.#question()}`;
  }

  #booking() {
    const strings = this.#strings;
    if (!this.isClient) return html`<p>${strings.bookFirstProvider}</p>`;
    const phone = this.phone ?? bookings;
    const [before, after] = strings.bookHow;
    const link = html`<a href=${`tel:${dialled(phone)}`}><bdi>${phone}</bdi></a>`;
    return html`
      <p>${strings.bookFirstClient}</p>
      <p>${before}${link}${after}</p>
    `;
  }

  #question() {
    const strings = this.#strings;
    return html`
      <details ?open=${this.why !== undefined}>
        <summary>${this.isClient ? strings.whyNotClient : strings.whyNotProvider}</summary>
        <ul>
          ${strings.whyNotReasons.map(([reason, hint]) => html`<li><strong>${reason}</strong> ${hint}</li>`)}
        </ul>
        <p>${strings.whyNotElse}</p>
        <div class="acts">
          <button class="quiet" @click=${() => tell(this, 'refresh-wanted')}>${strings.refresh}</button>
          ${this.#support('cannot-send')}
        </div>
      </details>
    `;
  }

  #support(reason: string) {
    return html`
      <button class="quiet" @click=${() => tell(this, 'support-wanted', { reason })}>
        ${this.#strings.contactSupport}
      </button>
    `;
  }

  /** Its own words and those on screen from the start. */
  get #strings() {
    return { ...this.language.strings, ...this.language.words(composeEnglish) };
  }
}

/** A number as it is dialled; ten digits alone are an American one. */
function dialled(phone: string): string {
  const digits = phone.replace(/[^+\d]/g, '');
  return /^\d{10}$/.test(digits) ? `+1${digits}` : digits;
}
