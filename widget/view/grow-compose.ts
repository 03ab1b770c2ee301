import { css, html, LitElement } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { Role } from '../../protocol/person.ts';
import type { Contact } from '../../protocol/thread.ts';
import { BackEvent, ContactChosenEvent, ContactsWantedEvent } from './events.ts';
import type { Language } from './language.ts';
import { nameOf } from './name.ts';
import { base } from './tokens.styles.ts';

/**
 * Whom to write to: only people one works with or has worked with. Choosing changes what stands below and
 * moves nobody away, since in many browsers each arrow key in a drop-down is a choice.
 *
 * @fires {ContactChosenEvent} contact-chosen - Somebody was chosen.
 * @fires {ContactsWantedEvent} contacts-wanted - The list is to be asked for again.
 * @fires {BackEvent} go-back - Nobody is to be written to.
 * @slot - Where one writes to whoever was chosen.
 */
export class GrowCompose extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-block-size: 0;
        overflow-y: auto;
      }

      .box {
        align-items: end;
        border-block-end: 0.0625rem solid var(--_line);
        display: grid;
        gap: 0.75rem 1rem;
        grid-template-columns: minmax(0, 1fr) auto;
        padding: 1rem;
      }

      h2 {
        font-size: 1.125em;
        grid-column: 1 / -1;
      }

      label {
        display: block;
        font-weight: 600;
        padding-block-end: 0.25rem;
      }

      select {
        border: 0.0625rem solid var(--_ink-soft);
        border-radius: 0.75rem;
        background: var(--_card);
        color: inherit;
        font: inherit;
        inline-size: 100%;
        min-block-size: 2.75rem;
        padding: 0.5rem 0.75rem;
      }
    `,
  ];

  /** Undefined until they are known, null where they could not be had. */
  @property({ attribute: false }) contacts: readonly Contact[] | null | undefined;

  /** Who writes. */
  @property() writer: Role = 'client';

  /** Who is chosen. */
  @property({ attribute: 'person-id' }) personId = '';

  @property({ attribute: false }) language!: Language;

  @query('select') private readonly select!: HTMLSelectElement | null;
  @query('h2') private readonly heading!: HTMLElement;

  override focus(): void {
    (this.select ?? this.heading).focus();
  }

  protected override render() {
    const { strings } = this.language;
    return html`
      <div class="box">
        <h2 tabindex="-1">${strings.composeMessage}</h2>
        <div>${this.#choice()}</div>
        <button class="quiet" @click=${() => this.dispatchEvent(new BackEvent())}>${strings.cancel}</button>
      </div>
      <slot></slot>
    `;
  }

  #choice() {
    const { contacts, personId } = this;
    const { strings } = this.language;
    if (contacts === undefined) return html`<p role="status">${strings.loading}</p>`;
    if (contacts === null) {
      return html`
        <p role="alert">
          ${strings.contactsFailed}
          <button class="link" @click=${() => this.dispatchEvent(new ContactsWantedEvent())}>
            ${strings.tryAgain}
          </button>
        </p>
      `;
    }
    const isClient = this.writer === 'client';
    if (contacts.length === 0) {
      return html`<p>${isClient ? strings.noContactsClient : strings.noContactsProvider}</p>`;
    }
    return html`
      <label for="person">${isClient ? strings.provider : strings.client}</label>
      <select id="person" @change=${this.#handleChange}>
        <option value="" ?selected=${personId === ''}>
          ${isClient ? strings.chooseProvider : strings.chooseClient}
        </option>
        ${contacts.map(
          ({ person }) =>
            html`<option value=${person.id} ?selected=${person.id === personId}>${nameOf(person)}</option>`,
        )}
      </select>
    `;
  }

  #handleChange(): void {
    const personId = this.select?.value;
    this.dispatchEvent(new ContactChosenEvent(personId ?? ''));
  }
}
