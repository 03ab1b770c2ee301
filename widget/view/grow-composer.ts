import { html, LitElement, nothing } from 'lit';
import { isComposing } from './composing.ts';
import { tell } from './events.ts';
import { styles } from './grow-composer.styles.ts';
import type { Language } from './language.ts';
import { base } from './tokens.styles.ts';

/** How long after the last key a draft is looked through, in milliseconds. */
const lookAfter = 300;

/**
 * The box a message is written in. It holds one draft and says when it is done; where the words go is its
 * parent's business.
 *
 * @fires {DraftChangeEvent} draft-change - The text changed.
 * @fires {ComposeSubmitEvent} compose-submit - Return or Send was pressed and there was text that may be sent.
 * @fires {DangerEvent} danger-heard - The draft has come to hold words of danger. Sending goes on as ever.
 * @fires {PanelWantedEvent} panel-wanted - Does this belong here? The guide says.
 * @csspart input - The text box.
 * @csspart send - The button.
 * @cssprop [--grow-composer-max-height=12rem] - How tall the box grows before it scrolls.
 */
export class GrowComposer extends LitElement {
  static override properties = {
    draft: {},
    maxLength: {},
    replies: {},
    language: {},
  };
  static override styles = [base, styles];
  static override shadowRootOptions: ShadowRootInit = {
    ...LitElement.shadowRootOptions,
    delegatesFocus: true,
  };

  /** The text so far. */
  draft = '';

  /** How many UTF-16 code units may be sent at once. */
  maxLength = 8_000;

  /** When an answer may be expected, in words. Empty where the writer is the one who answers. */
  replies = '';

  language!: Language;

  #looking: ReturnType<typeof setTimeout> | undefined;
  #isDangerous = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#looking);
  }

  protected override updated(): void {
    // Only where it differs: setting what is there already would move the caret in some browsers.
    const box = this.#input;
    if (box.value !== this.draft) box.value = this.draft;
    // Firefox and older Safaris let no box grow by itself. It falls back when it is empty: what shrinks to be
    // measured would move the messages above it.
    if (!CSS.supports('field-sizing:content'))
      box.style.blockSize = this.draft && `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
    if (!this.draft) this.#isDangerous = false;
  }

  protected override render() {
    const { strings } = this.language;
    return html`
      <form @submit=${this.#handleFormSubmit}>
        <textarea
          part="input"
          rows="1"
          dir="auto"
          aria-label=${strings.composeYourMessage}
          aria-describedby="hint"
          placeholder=${strings.composeYourMessage}
          autocomplete="off"
          spellcheck="false"
          enterkeyhint="send"
          @input=${this.#handleInput}
          @keydown=${this.#handleKeydown}
        ></textarea>
        <button class="primary" part="send" ?disabled=${!this.#canSend}>${strings.send}</button>
      </form>
      <div class="below">
        ${this.replies ? this.#expectation() : nothing}
        <span id="hint" class="hint">${strings.returnHint}</span>
        ${this.#room()}
      </div>
    `;
  }

  /** What a client asks before writing: when will they answer, and is it for them at all? */
  #expectation() {
    const { strings } = this.language;
    return html`
      <span class="replies">${strings.replyTime} <bdi>${this.replies}</bdi></span>
      <button class="link" @click=${() => tell(this, 'panel-wanted', { panel: 'guide' })}>
        ${strings.guide}
      </button>
    `;
  }

  /** Says how much room is left once it matters. */
  #room() {
    const left = this.maxLength - this.draft.length;
    if (left > this.maxLength / 10) return nothing;
    const { strings } = this.language;
    return left < 0
      ? html`<span class="over" role="status">${strings.charactersOver(-left)}</span>`
      : html`<span>${strings.charactersLeft(left)}</span>`;
  }

  get #canSend(): boolean {
    return this.draft.trim() !== '' && this.draft.length <= this.maxLength;
  }

  #handleInput(): void {
    this.draft = this.#input.value;
    tell(this, 'draft-change', { text: this.draft });
    clearTimeout(this.#looking);
    this.#looking = setTimeout(() => void this.#lookForDanger(), lookAfter);
  }

  #handleKeydown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    this.#submit();
  }

  #handleFormSubmit(event: Event): void {
    event.preventDefault();
    this.#submit();
    this.#input.focus();
  }

  #submit(): void {
    if (!this.#canSend) return;
    void this.#lookForDanger();
    tell(this, 'compose-submit', { text: this.draft });
  }

  /** Says it once for each time that a draft comes to hold such words, so that a closed panel stays closed. */
  async #lookForDanger(): Promise<void> {
    const { draft } = this;
    // Where the list can't be fetched, the crisis lines stand there as they always do.
    const found = await import('./danger.ts').then(
      ({ holdsDanger }) => holdsDanger(draft),
      () => false,
    );
    // The list may come after all was put out of sight: nothing then tells of what somebody wrote.
    if (found && !this.#isDangerous && this.isConnected) tell(this, 'danger-heard');
    this.#isDangerous = found && this.draft !== '';
  }

  get #input(): HTMLTextAreaElement {
    return this.renderRoot.querySelector<HTMLTextAreaElement>('textarea')!;
  }
}
