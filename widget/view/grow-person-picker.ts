import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Correspondent } from '../../protocol/person.ts';
import type { Contact } from '../../protocol/thread.ts';
import { isComposing } from './composing.ts';
import { tell } from './events.ts';
import { composeEnglish } from './grow-compose.strings.ts';
import { styles } from './grow-person-picker.styles.ts';
import type { Language } from './language.ts';
import { nameOf } from './name.ts';
import { base } from './tokens.styles.ts';
import { WordFilter } from './word-filter.ts';

/** What is looked for in the open list, and which of those found is at hand; -1 for none yet. */
type Search = { readonly words: string; readonly at: number };

/** How many of those found are on the page at once: who is not among them is found by another letter. */
const atMost = 50;

/**
 * A drop-down for more people than one wants to scroll through: one types the beginning of a name and
 * chooses among those who have it. Roles and keys are those of the ARIA practice for an editable combobox
 * with a list. Nobody is chosen but by Return or a press: the wrong person would read what is meant for another.
 *
 * @fires {PersonChosenEvent} person-chosen - Somebody was chosen.
 */
export class GrowPersonPicker extends LitElement {
  static override properties = {
    contacts: {},
    personId: {},
    label: {},
    discreet: {},
    language: {},
    search: { state: true },
  };
  static override styles = [base, styles];

  contacts: readonly Contact[] = [];

  /** Who is chosen. */
  personId = '';

  /** What the drop-down is called. */
  label = '';

  /** Whether names stand without the letters behind them. */
  discreet = false;

  language!: Language;

  /** Undefined while the list is closed. */
  private search: Search | undefined;

  #filter = new WordFilter<Contact>([], () => '');
  #found: readonly Contact[] = [];

  override focus(): void {
    // Before it has drawn itself there is nothing in it to focus.
    void this.updateComplete.then(() => this.#input?.focus());
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('contacts') || changed.has('discreet'))
      this.#filter = new WordFilter(this.contacts, ({ person }) => this.#nameOf(person));
    this.#found = this.search ? this.#filter.find(this.search.words) : [];
  }

  protected override updated(changed: PropertyValues): void {
    if (this.search && changed.has('search') && !changed.get('search'))
      this.scrollIntoView({ block: 'nearest' });
    const input = this.#input;
    if (!this.search && input) {
      const chosen = this.contacts.find(({ person }) => person.id === this.personId);
      const name = chosen ? this.#nameOf(chosen.person) : '';
      // Only where it differs: setting what is there already would move the caret in some browsers.
      if (input.value !== name) input.value = name;
    }
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  protected override render() {
    const { search, label } = this;
    const strings = this.language.words(composeEnglish);
    const found = this.#found;
    const shown = this.#shown;
    return html`
      <label id="label" for="input">${label}</label>
      <span class="box">
        <input
          id="input"
          role="combobox"
          aria-labelledby="label"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          placeholder=${strings.typeName}
          aria-autocomplete="list"
          aria-controls="list"
          aria-expanded=${shown.length > 0}
          aria-activedescendant=${search && search.at >= 0 ? `option-${search.at}` : nothing}
          @input=${this.#handleInput}
          @keydown=${this.#handleKeydown}
          @click=${() => this.#open()}
          @focus=${() => this.#input?.select()}
          @blur=${() => this.#close()}
        />
      </span>
      <div class="popup" ?hidden=${!search} @mousedown=${keepFocus}>
        <ul id="list" role="listbox" aria-labelledby="label" ?hidden=${shown.length === 0}>
          ${shown.map((contact, at) => this.#option(contact, at))}
        </ul>
        ${found.length > shown.length ? html`<p>${strings.peopleMore(found.length - shown.length)}</p>` : nothing}
        ${found.length === 0 ? html`<p>${strings.nobodyFound}</p>` : nothing}
      </div>
      <p class="only-heard" role="status">${search?.words ? this.#count() : nothing}</p>
    `;
  }

  #option(contact: Contact, at: number) {
    const { person, status } = contact;
    const { former } = this.language.words(composeEnglish);
    // The keys are the input's, where the focus stays.
    // eslint-disable-next-line lit-a11y/click-events-have-key-events
    return html`<li
      id=${`option-${at}`}
      role="option"
      aria-selected=${at === this.search?.at}
      @click=${() => this.#choose(contact)}
    >
      <bdi>${this.#nameOf(person)}</bdi>
      ${status === 'former' ? html`<span>${former}</span>` : nothing}
    </li>`;
  }

  #nameOf(person: Correspondent): string {
    return nameOf(person, this.discreet);
  }

  #count(): string {
    const strings = this.language.words(composeEnglish);
    return this.#found.length === 0 ? strings.nobodyFound : strings.peopleFound(this.#found.length);
  }

  get #shown(): readonly Contact[] {
    return this.#found.slice(0, atMost);
  }

  #handleInput(): void {
    this.search = { words: this.#input?.value ?? '', at: -1 };
  }

  #handleKeydown(event: KeyboardEvent): void {
    if (isComposing(event) || event.ctrlKey || event.metaKey) return;
    if (this.#isTaken(event)) event.preventDefault();
  }

  /** Does what a key does here. Says no where it does what it does in any text box. */
  #isTaken({ key, altKey }: KeyboardEvent): boolean {
    const { search } = this;
    const last = this.#shown.length - 1;
    switch (key) {
      case 'ArrowDown':
        if (altKey) return this.#open();
        return search ? this.#moveTo(search.at < last ? search.at + 1 : 0) : this.#open(0);
      case 'ArrowUp':
        if (altKey) return this.#close();
        return search ? this.#moveTo(search.at > 0 ? search.at - 1 : last) : this.#open(Infinity);
      case 'Home':
        return search !== undefined && search.at >= 0 && this.#moveTo(0);
      case 'End':
        return search !== undefined && search.at >= 0 && this.#moveTo(last);
      case 'Enter': {
        // Where only one is left, there is nothing more to point at.
        const contact = this.#shown[search && search.at < 0 && last === 0 ? 0 : (search?.at ?? -1)];
        return contact !== undefined && this.#choose(contact);
      }
      case 'Escape':
        return search !== undefined && this.#close();
      case 'ArrowLeft':
      case 'ArrowRight':
        // Back to the letters.
        if (search) this.search = { ...search, at: -1 };
        return false;
      default:
        return false;
    }
  }

  #moveTo(at: number): true {
    if (this.search) this.search = { ...this.search, at };
    return true;
  }

  /** Opens the list with everybody in it, whoever is chosen so far. */
  #open(at = -1): true {
    if (this.search) return true;
    const last = Math.min(atMost, this.contacts.length) - 1;
    this.search = { words: '', at: Math.min(at, last) };
    this.#input?.select();
    return true;
  }

  /** Closes the list; the box says again who is chosen. */
  #close(): true {
    this.search = undefined;
    return true;
  }

  #choose({ person }: Contact): true {
    this.personId = person.id;
    tell(this, 'person-chosen', { personId: person.id });
    return this.#close();
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>('input');
  }
}

/** A press on the list, or on its scroll bar, is no way out of the box one types in. */
function keepFocus(event: Event): void {
  event.preventDefault();
}
