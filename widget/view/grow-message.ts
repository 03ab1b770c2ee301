import { html, LitElement, nothing } from 'lit';
import type { TimelineItem } from '../state/timeline.ts';
import { tell } from './events.ts';
import { styles } from './grow-message.styles.ts';
import type { Language } from './language.ts';
import type { linkify } from './linkify.ts';
import { load } from './load-later.ts';
import { reasonFor } from './strings.ts';
import { base } from './tokens.styles.ts';

/** What one message shows: one that the server has, or one that is only here so far. */
export type Shown = Extract<TimelineItem, { kind: 'message' | 'echo' }>;

/** What may go with it: files of the server's, or of this device. */
type Files = { readonly files: readonly object[]; readonly attachments: readonly object[] };

/**
 * One message, sent or not yet. Its words are text, always: what looks like a link is one, nothing else is
 * anything.
 *
 * @fires {RetryEvent} message-retry - It is to go out again.
 * @fires {EditEvent} message-edit - It is to go back into the composer.
 * @csspart bubble - What the words stand on.
 */
export class GrowMessage extends LitElement {
  static override properties = {
    item: { attribute: false },
    author: {},
    language: { attribute: false },
    own: { type: Boolean, reflect: true },
    echo: { type: Boolean, reflect: true },
    joined: { type: Boolean, reflect: true },
    canSend: { attribute: false },
    state: { reflect: true },
  };
  static override styles = [base, styles];

  item!: Shown;

  /** Who wrote it, for those who hear it. */
  author = '';

  language!: Language;

  own = false;

  echo = false;

  /** Whether the next one goes on where this one ends, and says when for both. */
  joined = false;

  /** Whether anything can be sent in its thread. Where not, sending again or changing what was refused leads nowhere. */
  canSend = true;

  /** How it stands with one that is only here. */
  state: 'waiting' | 'unreachable' | 'refused' | undefined;

  protected override willUpdate(): void {
    const { item } = this;
    this.echo = item.kind === 'echo';
    this.own = item.kind === 'echo' || item.isOwn;
    this.joined = item.kind === 'message' && item.isJoined;
    this.state = item.kind === 'echo' ? item.entry.state : undefined;
  }

  protected override render() {
    const said = this.item.kind === 'echo' ? this.item.entry : this.item.message;
    const { files, attachments = files }: Partial<Files> = said;
    // On one line each: white space in here is shown.
    return html`
      <div class="bubble" part="bubble">
        <span class="only-heard">${this.author}: </span
        ><span class="text" dir="auto">${this.#pieces(said.text)}</span
        >${attachments?.map((file) => this.#file(file))}
      </div>
      ${this.item.kind === 'echo' ? this.#unsent() : this.#sent()}
    `;
  }

  #file(file: object) {
    load('grow-attachment').catch(() => undefined);
    const { language } = this;
    return html`<grow-attachment .file=${file} .language=${language}
      >${language.strings.attachmentOnly}</grow-attachment
    >`;
  }

  #pieces(text: string) {
    if (!/https?:|mailto:|tel:/i.test(text)) return text;
    if (!findLinks) {
      learnLinks().then(
        () => this.requestUpdate(),
        () => undefined,
      );
      return text;
    }
    return findLinks(text).map(({ href, text: words }) =>
      href === undefined
        ? words
        : html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow">${words}</a>`,
    );
  }

  #sent() {
    if (this.item.kind !== 'message') return nothing;
    const { message, isOwn, isSeen, notification } = this.item;
    const { language } = this;
    const { seen, delivered, emails } = language.strings;
    const email = notification && emails[notification.state];
    // The hour says it where it was on the day that the message stands under.
    const isLater = notification && language.day(notification.at) !== language.day(message.sentAt);
    return html`<p class=${this.joined ? 'only-heard' : 'about'}>
      ${this.#time(message.sentAt)}${isOwn ? ` · ${isSeen ? seen : delivered}` : nothing}${email && ` · ${email}`}
      ${notification?.state === 'emailed' ? this.#time(notification.at, isLater ? 'brief' : 'time') : nothing}
    </p>`;
  }

  #time(moment: string, how: 'time' | 'brief' = 'time') {
    const { language } = this;
    return html`<time datetime=${moment} title=${language.full(moment)}>${language[how](moment)}</time>`;
  }

  #unsent() {
    if (this.item.kind !== 'echo') return nothing;
    const { entry, isHeldUp } = this.item;
    const { id, state, code } = entry;
    const { strings } = this.language;
    if (state === 'waiting') {
      return html`<p class="about">${isHeldUp ? strings.heldUp : strings.sending}</p>`;
    }
    const isRefused = state === 'refused';
    const act = (name: 'message-retry' | 'message-edit', words: string) =>
      html`<button class="link" @click=${() => tell(this, name, { id })}>${words}</button>`;
    return html`
      <p class="about">
        ${isRefused ? strings.notSent(reasonFor(strings, code)) : strings.unreachable}
        <span class="acts"
          >${isRefused && !(this.canSend && isRetryable(code)) ? nothing : act('message-retry', strings.tryAgain)}
          ${isRefused && this.canSend ? act('message-edit', strings.edit) : nothing}</span
        >
      </p>
    `;
  }
}

/** Whether the server might take the same words another time. */
function isRetryable(code: string | undefined): boolean {
  return code !== 'too-large' && code !== 'invalid';
}

/** How links are found: fetched with the first text that may hold one. */
let findLinks: typeof linkify | undefined;

async function learnLinks(): Promise<void> {
  findLinks = (await import('./linkify.ts')).linkify;
}
