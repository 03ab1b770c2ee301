import { ContextConsumer } from '@lit/context';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Me } from '../../protocol/me.ts';
import type { Contact } from '../../protocol/thread.ts';
import { clientContext } from '../state/client-context.ts';
import type { MessagingClient } from '../state/messaging-client.ts';
import { endOfVisit, outlookOn, recallWords, type Scene, waitingFor } from '../state/outlook.ts';
import { reasonOf } from '../state/reason.ts';
import {
  type ComposeSubmitEvent,
  type DraftChangeEvent,
  type PanelWantedEvent,
  type PersonChosenEvent,
  passOn,
  tell,
} from './events.ts';
import { composeEnglish } from './grow-compose.strings.ts';
import { styles } from './grow-compose.styles.ts';
import { GrowPersonPicker } from './grow-person-picker.ts';
import { GrowWhyNot } from './grow-why-not.ts';
import type { Language } from './language.ts';
import { nameOf } from './name.ts';
import { register } from './register.ts';
import { reasonFor } from './strings.ts';
import { base } from './tokens.styles.ts';

/** Up to so many people are a drop-down of the browser's own; among more, one looks by name. */
const few = 12;

/**
 * Whom to write to, and the first words to them: only people one works with or has worked with. Choosing
 * changes what stands below and moves nobody away, since in many browsers each arrow key in a drop-down is a
 * choice. Opened to somebody one can't write to, it says why, alike for those who don't exist.
 *
 * @fires {PersonChosenEvent} person-chosen - Somebody was chosen, or nobody any more.
 * @fires {ThreadChosenEvent} thread-chosen - It goes on in this thread.
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
    scene: { state: true },
    draft: { state: true },
    trouble: { state: true },
  };
  static override styles = [base, styles];

  /** Who is chosen. Somebody one has a thread with is chosen by going there. */
  personId = '';

  /** Whether names stand without the letters behind them, and what has just come is not said aloud. */
  discreet = false;

  language!: Language;

  /** What there is to see: whom one may choose from, or why nobody can be written to. */
  private scene: 'loading' | Scene = 'loading';
  /** Undefined while it is being looked for what was written to this person before. */
  private draft: string | undefined;
  private trouble = '';

  #contacts: readonly Contact[] = [];
  #asked: MessagingClient | undefined;
  /** Who was to be written to when this was last looked into. */
  #sought: string | undefined;
  #looks = 0;
  #isSending = false;
  /** Whether one asked from the composer where it belongs, and is to come back there. */
  #wasWriting = false;
  readonly #client = new ContextConsumer(this, {
    context: clientContext,
    subscribe: true,
    callback: (client) => {
      // Moved on the page, it is told of the same one again, and all stays as it was.
      if (client !== this.#asked || this.scene === 'loading') this.#lookAgain();
    },
  });

  constructor() {
    super();
    register({ 'grow-person-picker': GrowPersonPicker, 'grow-why-not': GrowWhyNot });
  }

  /** To where one was: to whom one chooses, or to what one had begun to write when the guide was wanted. */
  override focus(): void {
    const named = (selector: string) => this.renderRoot.querySelector<HTMLElement>(selector);
    const composer = this.#wasWriting ? named('grow-composer') : undefined;
    (composer ?? named('.person') ?? named('h2'))?.focus();
  }

  protected override willUpdate(): void {
    if (this.personId !== this.#sought) void this.#look();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('scene') && this.scene !== 'loading') this.focus();
  }

  protected override render() {
    const strings = this.#strings;
    return html`
      <div class="top">
        <h1 class="only-heard">${this.discreet ? strings.discreetTitle : strings.title}</h1>
        <h2 tabindex="-1">${this.#title}</h2>
        <button class="quiet" @click=${() => tell(this, 'go-back')}>${strings.cancel}</button>
      </div>
      ${this.#body()}
    `;
  }

  get #title(): string {
    const strings = this.#strings;
    switch (this.scene) {
      case 'nobody':
        return strings.nobodyYet;
      case 'never-booked':
        return strings.neverBooked;
      case 'ended':
        return strings.ended;
      default:
        return strings.composeMessage;
    }
  }

  #body() {
    const strings = this.#strings;
    switch (this.scene) {
      case 'loading':
        return html`<p class="words" role="status">${strings.loading}</p>`;
      case 'failed':
        return html`
          <p class="words" role="alert">
            ${strings.partFailed}
            <button class="primary" @click=${this.#lookAgain}>${strings.tryAgain}</button>
          </p>
          ${this.#whyNot()}
        `;
      case 'choice':
        return this.#choice();
      default:
        return this.#whyNot(this.scene);
    }
  }

  #choice() {
    const strings = this.#strings;
    const label = this.#isClient ? strings.provider : strings.client;
    const chosen = this.#chosen;
    return html`
      <div class="choice">
        ${
          this.#contacts.length > few
            ? html`<grow-person-picker
                class="person"
                .contacts=${this.#contacts}
                .personId=${this.personId}
                .label=${label}
                .discreet=${this.discreet}
                .language=${this.language}
                @person-chosen=${({ detail }: PersonChosenEvent) => this.#choose(detail.personId)}
              ></grow-person-picker>`
            : this.#dropDown(label)
        }
        ${
          chosen
            ? nothing
            : html`<p class="soft">
                ${this.#isClient ? strings.whoAppearsClient : strings.whoAppearsProvider}
              </p>`
        }
      </div>
      ${chosen ? this.#writing(chosen) : this.#whyNot()}
    `;
  }

  #dropDown(label: string) {
    const strings = this.#strings;
    const current = this.#contacts.filter(({ status }) => status === 'current');
    const former = this.#contacts.filter(({ status }) => status === 'former');
    return html`
      <label for="person">${label}</label>
      <select
        id="person"
        class="person"
        @change=${({ target }: Event) => this.#choose((target as HTMLSelectElement).value)}
      >
        <option value="" ?selected=${this.personId === ''}>
          ${this.#isClient ? strings.chooseProvider : strings.chooseClient}
        </option>
        ${
          former.length === 0
            ? this.#options(current)
            : [[strings.current, current] as const, [strings.former, former] as const].map(
                ([name, people]) =>
                  people.length > 0
                    ? html`<optgroup label=${name}>${this.#options(people)}</optgroup>`
                    : nothing,
              )
        }
      </select>
    `;
  }

  #options(contacts: readonly Contact[]) {
    return contacts.map(
      ({ person }) =>
        html`<option value=${person.id} ?selected=${person.id === this.personId}>
          ${nameOf(person, this.discreet)}
        </option>`,
    );
  }

  #writing({ person, threadId }: Contact) {
    const strings = this.#strings;
    if (this.draft === undefined) return nothing;
    if (threadId !== undefined) {
      // Whatever one does in it, one is there from then on.
      const goOnThere = (event: CustomEvent<unknown>) => {
        tell(this, 'thread-chosen', { threadId });
        passOn.call(this, event);
      };
      return html`<grow-thread
        exportparts="timeline, bubble, input, send"
        .client=${this.#client.value}
        .threadId=${threadId}
        .discreet=${this.discreet}
        .language=${this.language}
        @danger-heard=${passOn}
        @panel-wanted=${goOnThere}
        @support-wanted=${goOnThere}
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
        .place=${`to ${this.personId}`}
        .hasFiles=${waitingFor(this.#client.value, this.personId)?.hasFiles}
        .maxLength=${this.#me?.limits.maxTextLength ?? 8_000}
        .replies=${this.#isClient ? person.replyPolicy || strings.replyUsual(this.#me?.guidance.replyBusinessDays ?? 3) : ''}
        .language=${this.language}
        @draft-change=${this.#handleDraftChange}
        @compose-submit=${({ detail }: ComposeSubmitEvent) => this.#sendFirst(detail.text)}
        @danger-heard=${passOn}
        @panel-wanted=${this.#handlePanelWanted}
      ></grow-composer>
    `;
  }

  #whyNot(why?: GrowWhyNot['why']) {
    const canChoose = why !== undefined && this.#contacts.length > 0;
    return html`
      <grow-why-not
        class="words"
        .why=${why}
        .isClient=${this.#isClient}
        .phone=${this.#me?.guidance.bookingsPhone}
        .language=${this.language}
        @refresh-wanted=${passOn}
        @support-wanted=${passOn}
      >
        ${
          canChoose
            ? html`<button class="primary" @click=${() => this.#choose('')}>
                ${this.#strings.chooseOther}
              </button>`
            : nothing
        }
      </grow-why-not>
    `;
  }

  readonly #lookAgain = () => {
    this.#sought = undefined;
    this.requestUpdate();
  };

  /** Finds out how it stands with the person who is to be written to, or whom there is to choose from. */
  async #look(): Promise<void> {
    const client = this.#client.value;
    if (!client) return;
    const { personId } = this;
    const look = ++this.#looks;
    this.#asked = client;
    this.#sought = personId;
    this.#contacts = [];
    this.scene = 'loading';
    const outlook = await outlookOn(client, personId);
    if (look !== this.#looks || !this.isConnected) return;
    if ('threadId' in outlook) return tell(this, 'thread-chosen', outlook);
    this.#contacts = outlook.contacts;
    this.scene = outlook.scene;
    void this.#recallDraft();
  }

  #choose(personId: string): void {
    this.#sought = this.personId = personId;
    this.scene = 'choice';
    void this.#recallDraft();
    tell(this, 'person-chosen', { personId });
  }

  async #recallDraft(): Promise<void> {
    const client = this.#client.value;
    if (!client) return;
    const look = ++this.#looks;
    this.draft = undefined;
    this.#wasWriting = false;
    this.trouble = '';
    const draft = await recallWords(client, this.personId, this.#chosen?.threadId).catch(() => '');
    if (look === this.#looks) this.draft = draft;
  }

  #handlePanelWanted(event: PanelWantedEvent): void {
    this.#wasWriting = true;
    passOn.call(this, event);
  }

  #handleDraftChange({ detail: { text } }: DraftChangeEvent): void {
    this.draft = text;
    waitingFor(this.#client.value, this.personId)?.storeDraft(text).catch(reportError);
  }

  /** The thread is opened by its first message, so that nobody finds an empty one. */
  async #sendFirst(text: string): Promise<void> {
    const client = this.#client.value;
    // Return pressed again while the thread is being opened is the same message.
    if (!client || this.#isSending) return;
    this.#isSending = true;
    this.trouble = '';
    const { personId } = this;
    const isOver = endOfVisit(client);
    try {
      const { id } = await client.openThreadWith(personId);
      // The words wait for whoever wrote them, who has found them where they were, or will.
      if (isOver()) return;
      const waiting = waitingFor(client, personId);
      if (waiting?.hasFiles) await (await (await client.files()).attaching()).move(waiting.threadId, id);
      await client.thread(id).send(text);
      this.draft = '';
      await waiting?.storeDraft('');
      // Whoever has gone elsewhere meanwhile stays there.
      if (this.isConnected) tell(this, 'thread-chosen', { threadId: id });
    } catch (error) {
      const strings = this.#strings;
      const reason = reasonOf(error);
      this.trouble = reason ? strings.notSent(reasonFor(strings, reason)) : strings.notSentOffline;
    } finally {
      this.#isSending = false;
    }
  }

  get #chosen(): Contact | undefined {
    return this.#contacts.find(({ person }) => person.id === this.personId);
  }

  get #isClient(): boolean {
    return this.#me?.person.role !== 'provider';
  }

  get #me(): Me | undefined {
    return this.#client.value?.me.value;
  }

  /** Its own words and those on screen from the start. */
  get #strings() {
    return { ...this.language.strings, ...this.language.words(composeEnglish) };
  }
}
