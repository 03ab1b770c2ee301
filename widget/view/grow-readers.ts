import { html, LitElement } from 'lit';
import type { Correspondent } from '../../protocol/person.ts';
import { tell } from './events.ts';
import { readersEnglish } from './grow-readers.strings.ts';
import { styles } from './grow-readers.styles.ts';
import type { Language } from './language.ts';
import { initialsOf, nameOf } from './name.ts';
import { panel } from './panel.styles.ts';
import { base } from './tokens.styles.ts';

/**
 * Who can read a thread: its two people, since a thread is nobody else's, and what else is true of it.
 *
 * @fires {BackEvent} go-back - On with the conversation.
 */
export class GrowReaders extends LitElement {
  static override properties = {
    self: {},
    other: {},
    discreet: {},
    language: {},
  };
  static override styles = [base, panel, styles];

  /** Who reads this. */
  self: Correspondent | undefined;

  /** The other of the two, as the thread has them. Undefined while it is not known. */
  other: Correspondent | undefined;

  /** Whether the heading tells nobody what this is. */
  discreet = false;

  language!: Language;

  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('h2')?.focus());
  }

  /** It is drawn because somebody asked for it, and may have been fetched meanwhile. */
  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.hasUpdated) this.focus();
  }

  protected override render() {
    const { self, other } = this;
    const strings = this.#strings;
    return html`
      <header>
        <h1 class="only-heard">${this.discreet ? strings.discreetTitle : strings.title}</h1>
        <button class="quiet back" aria-label=${strings.readersBack} @click=${() => tell(this, 'go-back')}>
          <span aria-hidden="true">‹</span>
        </button>
        <h2 tabindex="-1">${strings.whoReads}</h2>
      </header>
      <div class="body">
        <p id="two">${strings.readersTwo}</p>
        <ul class="people" role="list" aria-labelledby="two">
          ${self && this.#person(self, html`<span class="soft">${strings.readersYou}</span>`)}
          ${other && this.#person(other)}
        </ul>
        <ul class="facts">
          ${strings.readersFacts.map((fact) => html`<li>${fact}</li>`)}
        </ul>
      </div>
    `;
  }

  #person(person: Correspondent, mark: unknown = '') {
    return html`
      <li>
        <span class="face" aria-hidden="true">${initialsOf(person)}</span>
        <span><bdi>${nameOf(person)}</bdi> ${mark}</span>
      </li>
    `;
  }

  /** Its own words and those on screen from the start. */
  get #strings() {
    return { ...this.language.strings, ...this.language.words(readersEnglish) };
  }
}
