import { html, LitElement } from 'lit';
import type { Guidance } from '../../protocol/me.ts';
import { clinicText, wordsOf } from './clinic-text.ts';
import { tell } from './events.ts';
import { guideEnglish } from './grow-guide.strings.ts';
import { styles } from './grow-guide.styles.ts';
import type { Language } from './language.ts';
import { panel } from './panel.styles.ts';
import { base } from './tokens.styles.ts';

/**
 * Where a question belongs: with the provider, or with the Support Team. A topic of the provider's leads back to
 * what one was writing, one of the Support Team's leads there.
 *
 * @fires {BackEvent} go-back - On with the message.
 * @fires {SupportWantedEvent} support-wanted - The Support Team is to help, with the topic that was chosen.
 */
export class GrowGuide extends LitElement {
  static override properties = {
    guidance: {},
    discreet: {},
    language: {},
  };
  static override styles = [base, panel, styles];

  /** What the clinic says. A backend may say less than all of it. */
  guidance: Partial<Guidance> | undefined;

  /** Whether the heading tells nobody what this is. */
  discreet = false;

  language!: Language;

  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('h2')?.focus());
  }

  /** It is drawn because somebody asked for it, who may have had to wait until it was fetched. */
  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasUpdated) this.focus();
  }

  protected override render() {
    const { guidance } = this;
    const strings = this.#strings;
    return html`
      <header>
        <h1 class="only-heard">${this.discreet ? strings.discreetTitle : strings.title}</h1>
        <button class="quiet back" aria-label=${strings.guideBack} @click=${this.#goOn}>
          <span aria-hidden="true">‹</span>
        </button>
        <h2 tabindex="-1">${strings.guide}</h2>
      </header>
      <div class="cards">
        ${this.#card('provider', strings.guideProvider, guidance?.askProvider, this.#goOn)}
        ${this.#card('support', strings.guideSupport, guidance?.askSupport, this.#askSupport)}
      </div>
      ${this.#replies()}
    `;
  }

  #card(
    id: string,
    words: typeof guideEnglish.guideProvider,
    given: readonly string[] = [],
    choose: (topic: string) => void,
  ) {
    // Of what holds nothing but markup, nothing would be left to press.
    const topics = given.filter(wordsOf);
    return html`
      <section class=${id} aria-labelledby=${id}>
        <div class="about">
          <h3 id=${id}>${words.title}</h3>
          ${
            topics.length > 0
              ? html`<p>${words.how}</p>`
              : html`
                  <p>${words.any}</p>
                  <button class="quiet" @click=${() => choose('other')}>${words.choose}</button>
                `
          }
        </div>
        <ul role="list" ?hidden=${topics.length === 0}>
          ${topics.map((topic) => this.#topic(topic, choose))}
        </ul>
      </section>
    `;
  }

  /** A link can't be pressed inside a button: those of a topic stand below it. */
  #topic(topic: string, choose: (topic: string) => void) {
    return html`
      <li>
        <button @click=${() => choose(wordsOf(topic))}>
          <span>${clinicText(topic, this, 'line')}</span>
          <span class="onward" aria-hidden="true">›</span>
        </button>
        <p class="links">${clinicText(topic, this, 'links')}</p>
      </li>
    `;
  }

  #replies() {
    const strings = this.#strings;
    const { replyExpectation = '', replyBusinessDays = 3, supportAfterHours = 48 } = this.guidance ?? {};
    return html`
      <section class="replies" aria-labelledby="replies">
        <h3 id="replies">${strings.guideReplies}</h3>
        <div>
          ${
            wordsOf(replyExpectation)
              ? clinicText(replyExpectation, this)
              : strings.guideUsual(replyBusinessDays)
          }
        </div>
        <p>${strings.guideNoReply(supportAfterHours)} ${strings.guideUrgent}</p>
        <button class="quiet" @click=${() => this.#askSupport('no-reply')}>${strings.contactSupport}</button>
      </section>
    `;
  }

  readonly #goOn = () => tell(this, 'go-back');

  readonly #askSupport = (reason: string) => tell(this, 'support-wanted', { reason });

  /** Its own words and those on screen from the start. */
  get #strings() {
    return { ...this.language.strings, ...this.language.words(guideEnglish) };
  }
}
