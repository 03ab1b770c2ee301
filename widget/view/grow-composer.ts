import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { isComposing } from './composing.ts';
import { type FilesChangeEvent, tell } from './events.ts';
import type { Chosen } from './grow-attachments.ts';
import { styles } from './grow-composer.styles.ts';
import type { Language } from './language.ts';
import { load } from './load-later.ts';
import { base } from './tokens.styles.ts';

/** How long after the last key a draft is looked through, in milliseconds. */
const lookAfter = 300;

/**
 * The box a message is written in. It holds one draft and says when it is done; where the words go is its
 * parent's business. Files are attached by its button, dropped on it or pasted into it; what sees to them is
 * fetched with the first.
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
    place: {},
    hasFiles: {},
    language: {},
    files: { state: true },
    chosen: { state: true },
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

  /** Where files are attached to. */
  place = '';

  /** Whether some were attached before. */
  hasFiles = false;

  language!: Language;

  /**
   * How many go along: -1 while they are made ready, -2 where one of them can't be sent. No number where what
   * sees to them could not be fetched.
   */
  private files = 0;
  /** What was chosen, and beside which draft, for whoever attaches it. */
  private chosen: readonly Chosen[] = [];
  /** Whether it is to be sent as soon as its files are ready. */
  #isLeaving = false;
  #looking: ReturnType<typeof setTimeout> | undefined;
  #isDangerous = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#looking);
  }

  /**
   * Attaches the files that an event brings, dropped or pasted, here or around it. A spreadsheet's cells are copied
   * as words and as a picture of them: the words are meant.
   */
  take(event: DragEvent | ClipboardEvent): void {
    const { types, files } = ('dataTransfer' in event ? event.dataTransfer : event.clipboardData)!;
    const isWords = types.includes('text/html') && types.includes('text/plain');
    if (event.defaultPrevented || isWords || !types.includes('Files')) return;
    event.preventDefault();
    if (event.type !== 'dragover') this.#attach(files);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('place')) this.#isLeaving = false;
    if (changed.has('hasFiles') && this.hasFiles) this.#attach([]);
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
      <grow-attachments
        .place=${this.place}
        .chosen=${this.chosen}
        .language=${this.language}
        @files-change=${this.#handleFilesChange}
        >${this.files < 0 ? strings.loading : isNaN(this.files) ? strings.partFailed : nothing}</grow-attachments
      >
      <form @submit=${this.#handleFormSubmit} @dragover=${this.take} @drop=${this.take} @paste=${this.take}>
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
        <button
          class="quiet"
          type="button"
          aria-label=${strings.attachFiles}
          @click=${() => this.#picker.click()}
        >
          <svg viewBox="0 0 24 24"><path d="M17 7v9a5 5 0 0 1-10 0V6a3 3 0 0 1 6 0v9a1 1 0 0 1-2 0V7" /></svg>
        </button>
        <input type="file" multiple hidden @change=${this.#handlePicked} />
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

  get #canSend(): unknown {
    return (this.files || this.draft.trim()) && !(this.files < 0) && this.draft.length <= this.maxLength;
  }

  #handlePicked(): void {
    this.#attach(this.#picker.files!);
    this.#picker.value = '';
  }

  /** What is chosen waits for what attaches it. */
  #attach(files: Iterable<File>): void {
    const { place } = this;
    this.chosen = [...this.chosen, ...Array.from(files, (file) => ({ place, file }))];
    this.files = -1;
    load('grow-attachments').catch(() => (this.files = NaN));
  }

  #handleFilesChange({ detail: { count } }: FilesChangeEvent): void {
    this.files = count;
    if (this.#isLeaving && count !== -1) this.#submit();
  }

  #handleInput(): void {
    this.#isLeaving = false;
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
    this.#isLeaving = this.files === -1;
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

  get #picker(): HTMLInputElement {
    return this.renderRoot.querySelector('input')!;
  }

  get #input(): HTMLTextAreaElement {
    return this.renderRoot.querySelector<HTMLTextAreaElement>('textarea')!;
  }
}
