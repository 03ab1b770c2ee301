import { html, LitElement, nothing } from 'lit';
import type { TimelineItem } from '../state/timeline.ts';
import { EditEvent, RetryEvent } from './events.ts';
import { styles } from './grow-message.styles.ts';
import type { Language } from './language.ts';
import { linkify } from './linkify.ts';
import { reasonFor } from './strings.ts';
import { base } from './tokens.styles.ts';

/** What one message shows: one that the server has, or one that is only here so far. */
export type Shown = Extract<TimelineItem, { kind: 'message' | 'echo' }>;

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
    state: { reflect: true },
  };
  static override styles = [base, styles];

  item!: Shown;

  /** Who wrote it, for those who hear it. */
  author = '';

  language!: Language;

  own = false;

  echo = false;

  state: 'delivered' | 'waiting' | 'unreachable' | 'refused' = 'delivered';

  protected override willUpdate(): void {
    const { item } = this;
    this.echo = item.kind === 'echo';
    this.own = item.kind === 'echo' || item.isOwn;
    this.state = item.kind === 'echo' ? item.entry.state : 'delivered';
  }

  protected override render() {
    const text = this.item.kind === 'echo' ? this.item.entry.text : this.item.message.text;
    // On one line each: white space in here is shown.
    return html`
      <div class="bubble" part="bubble">
        <span class="only-heard">${this.author}: </span><span class="text" dir="auto">${pieces(text)}</span>
      </div>
      ${this.item.kind === 'echo' ? this.#unsent() : this.#sent()}
    `;
  }

  #sent() {
    if (this.item.kind !== 'message') return nothing;
    const { sentAt } = this.item.message;
    const { language } = this;
    const { seen, delivered } = language.strings;
    const state = this.item.isOwn ? ` · ${this.item.isSeen ? seen : delivered}` : nothing;
    return html`<p class="about">
      <time datetime=${sentAt} title=${language.full(sentAt)}>${language.time(sentAt)}</time>${state}
    </p>`;
  }

  #unsent() {
    if (this.item.kind !== 'echo') return nothing;
    const { id, state, code } = this.item.entry;
    const { strings } = this.language;
    if (state === 'waiting') return html`<p class="about">${strings.sending}</p>`;
    return html`
      <p class="about">
        ${state === 'refused' ? strings.notSent(reasonFor(strings, code)) : strings.unreachable}
        <button class="link" @click=${() => this.dispatchEvent(new RetryEvent(id))}>
          ${strings.tryAgain}
        </button>
        ${
          state === 'refused' && code !== 'relationship-ended'
            ? html`<button class="link" @click=${() => this.dispatchEvent(new EditEvent(id))}>
                ${strings.edit}
              </button>`
            : nothing
        }
      </p>
    `;
  }
}

function pieces(text: string) {
  return linkify(text).map((piece) =>
    piece.href === undefined
      ? piece.text
      : html`<a href=${piece.href} target="_blank" rel="noopener noreferrer nofollow">${piece.text}</a>`,
  );
}
