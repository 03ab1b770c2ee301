import { html, LitElement, nothing } from 'lit';
import type { Guidance } from '../../protocol/me.ts';
import type { Thread } from '../../protocol/thread.ts';
import type { MessagingClient } from '../state/messaging-client.ts';
import { StoreController } from '../state/store-controller.ts';
import { tell } from './events.ts';
import { replyClockEnglish } from './grow-reply-clock.strings.ts';
import { styles } from './grow-reply-clock.styles.ts';
import type { Language } from './language.ts';
import { answerDueBy, isOver, supportFrom } from './reply-times.ts';
import { base } from './tokens.styles.ts';

/** The longest that is waited at once: a timer stands still while a computer sleeps. */
const longestWait = 3_600_000;

/**
 * When they will answer, and what to do if they don't; for a client who waits for an answer in this thread.
 *
 * By when an answer usually comes is said only where the provider has no reply policy of their own: that is in
 * words, which nobody can count with, and stands in the composer. After the clinic's hours (48) it says by
 * itself that there is no reply yet, and offers the Support Team. Hours are counted from what the server says
 * by what this device says, so they are as right as its clock; no words here say how long ago anything was.
 *
 * @fires {SupportWantedEvent} support-wanted - The Support Team is to follow up.
 */
export class GrowReplyClock extends LitElement {
  static override properties = {
    client: {},
    thread: {},
    guidance: {},
    language: {},
    now: {},
    isOpen: { state: true },
  };
  static override styles = [base, styles];

  /** Who knows whether the server has been heard yet. Without it, what is given here counts as known. */
  client: MessagingClient | undefined;

  thread!: Thread;

  guidance: Guidance | undefined;

  language!: Language;

  now: () => number = Date.now;

  private isOpen = false;

  readonly #connection = new StoreController<string>(this);
  #hasHeard = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#look);
    addEventListener('focus', this.#look);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#look);
    removeEventListener('focus', this.#look);
    clearTimeout(this.#timer);
  }

  protected override willUpdate(): void {
    this.#connection.follow(this.client?.connection);
    // Until the server is heard, what this device remembers may long have been answered. Once it was, a
    // connection that is lost takes nothing back.
    this.#hasHeard ||= this.#connection.value !== 'connecting';
  }

  protected override updated(): void {
    clearTimeout(this.#timer);
    const wait = this.#supportFrom - this.now();
    if (wait > 0 && this.isConnected) this.#timer = setTimeout(this.#look, Math.min(wait, longestWait));
  }

  protected override render() {
    const since = this.#hasHeard ? this.thread.awaitingReplySince : null;
    const isLate = since !== null && this.now() >= this.#supportFrom;
    return html`
      ${since === null || isLate ? nothing : this.#usual(since)}
      <div class=${isLate ? 'late' : nothing}>
        <div>
          <p role="status">${isLate ? this.#noReply(since) : nothing}</p>
          ${isLate ? this.#toggle() : nothing}
        </div>
        ${isLate ? this.#support() : nothing}
      </div>
    `;
  }

  #noReply(since: string) {
    const { noReplySince, noReplyHelp } = this.#strings;
    return html`
      <strong>${noReplySince(this.#moment(since))}</strong>
      <span id="help" class=${this.isOpen ? 'open' : nothing}>${noReplyHelp}</span>
    `;
  }

  /** Where there is little room, the rest stands behind this. */
  #toggle() {
    const { isOpen } = this;
    return html`
      <button
        class="link"
        aria-expanded=${isOpen}
        aria-controls="help"
        @click=${() => (this.isOpen = !isOpen)}
      >
        ${this.#strings.noReplyHow}
      </button>
    `;
  }

  #support() {
    return html`
      <button class="quiet" @click=${() => tell(this, 'support-wanted', { reason: 'no-reply' })}>
        ${this.language.strings.contactSupport}
      </button>
    `;
  }

  /** By when an answer usually comes, until that day is over. */
  #usual(since: string) {
    const { displayName, replyPolicy, timeZone } = this.thread.with;
    if (replyPolicy) return nothing;
    const day = answerDueBy(since, this.guidance?.replyBusinessDays ?? 3, timeZone);
    if (isOver(day, this.now(), timeZone)) return nothing;
    const { replyBy } = this.language.words(replyClockEnglish);
    return html`<p class="usual">
      ${replyBy(displayName, this.#format(new Date(day), { timeZone: 'UTC' }))}
    </p>`;
  }

  /** Day and hour where the reader is. */
  #moment(since: string): string {
    const moment = new Date(since);
    const isOfThisYear = moment.getFullYear() === new Date(this.now()).getFullYear();
    const year = isOfThisYear ? undefined : 'numeric';
    return this.#format(moment, { year, hour: 'numeric', minute: '2-digit' });
  }

  #format(moment: Date, more: Intl.DateTimeFormatOptions): string {
    const day = { weekday: 'long', month: 'long', day: 'numeric' } as const;
    return new Intl.DateTimeFormat(this.language.locale, { ...day, ...more }).format(moment);
  }

  get #strings() {
    return this.language.words(replyClockEnglish);
  }

  /** NaN where nobody waits. */
  get #supportFrom(): number {
    return supportFrom(this.thread.awaitingReplySince ?? '', this.guidance?.supportAfterHours ?? 48);
  }

  readonly #look = () => this.requestUpdate();
}
