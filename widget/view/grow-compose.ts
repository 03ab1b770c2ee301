import { ContextConsumer } from '@lit/context';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Contact } from '../../protocol/thread.ts';
import { clientContext } from '../state/client-context.ts';
import { reasonOf } from '../state/reason.ts';
import type { ThreadStore } from '../state/thread-store.ts';
import { type ComposeSubmitEvent, type DraftChangeEvent, passOn, tell } from './events.ts';
import { composeEnglish } from './grow-compose.strings.ts';
import { styles } from './grow-compose.styles.ts';
import type { Language } from './language.ts';
import { nameOf } from './name.ts';
import { reasonFor } from './strings.ts';
import { base } from './tokens.styles.ts';

/**
 * Whom to write to, and the first words to them: only people one works with or has worked with. Choosing
 * changes what stands below and moves nobody away, since in many browsers each arrow key in a drop-down is a
 * choice.
 *
 * @fires {PersonChosenEvent} person-chosen - Somebody was chosen; nothing is written yet.
 * @fires {ThreadChosenEvent} thread-chosen - Something was written; it goes on in this thread.
 * @fires {DangerEvent} danger-heard - What is being written has come to hold words of danger.
 * @fires {PanelWantedEvent} panel-wanted - Where does this belong, or who can read it?
 * @fires {SupportWantedEvent} support-wanted - The Support Team is to help.
 * @fires {RefreshWantedEvent} refresh-wanted - What this device has seems to be wrong.
 * @fires {BackEvent} go-back - Nobody is to be written to.
 */
export class GrowCompose extends LitElement {
  static override properties = {
    personId: {},
    discreet: {},
    language: {},
    contacts: { state: true },
    draft: { state: true },
    trouble: { state: true },
  };
  static override styles = [base, styles];

  /** Who is chosen. */
  personId = '';

  /** Whether names stand without the letters behind them, and what has just come is not said aloud. */
  discreet = false;

  language!: Language;

  /** Undefined until they are known, null where they could not be had. */
  private contacts: readonly Contact[] | null | undefined;
  private draft = '';
  private trouble = '';

  #isSending = false;
  readonly #client = new ContextConsumer(this, {
    context: clientContext,
    subscribe: true,
    callback: () => void this.#loadContacts(),
  });

  override focus(): void {
    (this.#select ?? this.#heading)?.focus();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('contacts') && this.contacts) this.focus();
  }

  protected override render() {
    const strings = this.#strings;
    return html`
      <div class="choice">
        <h2 tabindex="-1">${strings.composeMessage}</h2>
        <div>${this.#choice()}</div>
        <button class="quiet" @click=${() => tell(this, 'go-back')}>${strings.cancel}</button>
      </div>
      ${this.#writing()}
    `;
  }

  #choice() {
    const { contacts, personId } = this;
    const strings = this.#strings;
    if (contacts === undefined) return html`<p role="status">${strings.loading}</p>`;
    if (contacts === null) {
      return html`
        <p role="alert">
          ${strings.partFailed}
          <button class="link" @click=${() => this.#loadContacts()}>${strings.tryAgain}</button>
        </p>
      `;
    }
    const isClient = this.#isClient;
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
            html`<option value=${person.id} ?selected=${person.id === personId}>
              ${nameOf(person, this.discreet)}
            </option>`,
        )}
      </select>
    `;
  }

  #writing() {
    const strings = this.#strings;
    const chosen = this.contacts?.find(({ person }) => person.id === this.personId);
    if (!chosen) return nothing;
    const { threadId } = chosen;
    if (threadId !== undefined) {
      return html`<grow-thread
        exportparts="timeline, bubble, input, send"
        .client=${this.#client.value}
        .threadId=${threadId}
        .discreet=${this.discreet}
        .language=${this.language}
        @danger-heard=${passOn}
        @panel-wanted=${passOn}
        @support-wanted=${passOn}
        @refresh-wanted=${passOn}
        @message-written=${() => tell(this, 'thread-chosen', { threadId })}
      ></grow-thread>`;
    }
    return html`
      <div class="spacer"></div>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <grow-composer
        exportparts="input, send"
        .draft=${this.draft}
        .maxLength=${this.#client.value?.me.value?.limits.maxTextLength ?? 8_000}
        .replies=${this.#isClient ? chosen.person.replyPolicy || strings.replyUsual : ''}
        .language=${this.language}
        @draft-change=${this.#handleDraftChange}
        @compose-submit=${({ detail }: ComposeSubmitEvent) => this.#sendFirst(detail.text)}
        @danger-heard=${passOn}
        @panel-wanted=${passOn}
      ></grow-composer>
    `;
  }

  /** Words are kept for the person they were meant for: they go to nobody else, and wait when one leaves. */
  get #drafts(): ThreadStore | undefined {
    return this.#client.value?.thread(`to ${this.personId}`);
  }

  #handleChange(): void {
    this.personId = this.#select?.value ?? '';
    tell(this, 'person-chosen', { personId: this.personId });
    void this.#recallDraft();
  }

  async #recallDraft(): Promise<void> {
    const { personId } = this;
    this.draft = this.trouble = '';
    const draft = await this.#drafts?.draft();
    if (personId === this.personId && this.draft === '') this.draft = draft ?? '';
  }

  #handleDraftChange({ detail: { text } }: DraftChangeEvent): void {
    this.draft = text;
    this.#drafts?.storeDraft(text).catch(reportError);
  }

  async #loadContacts(): Promise<void> {
    const client = this.#client.value;
    if (!client) return;
    this.contacts = undefined;
    const contacts = await client.contacts().catch(() => null);
    if (client !== this.#client.value) return;
    this.contacts = contacts;
    void this.#recallDraft();
  }

  /** The thread is opened by its first message, so that nobody finds an empty one. */
  async #sendFirst(text: string): Promise<void> {
    const client = this.#client.value;
    // Return pressed again while the thread is being opened is the same message.
    if (!client || this.#isSending) return;
    this.#isSending = true;
    this.trouble = '';
    const drafts = this.#drafts;
    try {
      const { id } = await client.openThreadWith(this.personId);
      await client.thread(id).send(text);
      this.draft = '';
      await drafts?.storeDraft('');
      tell(this, 'thread-chosen', { threadId: id });
    } catch (error) {
      const strings = this.#strings;
      const reason = reasonOf(error);
      this.trouble = reason ? strings.notSent(reasonFor(strings, reason)) : strings.notSentOffline;
    } finally {
      this.#isSending = false;
    }
  }

  get #isClient(): boolean {
    return this.#client.value?.me.value?.person.role !== 'provider';
  }

  /** Its own words and those on screen from the start. */
  get #strings() {
    return { ...this.language.strings, ...this.language.words(composeEnglish) };
  }

  get #select(): HTMLSelectElement | null {
    return this.renderRoot.querySelector<HTMLSelectElement>('select');
  }

  get #heading(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('h2');
  }
}
