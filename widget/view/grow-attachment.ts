import { ContextConsumer } from '@lit/context';
import { html, LitElement, nothing } from 'lit';
import type { Attachment } from '../../protocol/message.ts';
import { clientContext } from '../state/client-context.ts';
import { type Files, type FileTrouble, NoFile, type Upload } from '../state/files.ts';
import { StoreController } from '../state/store-controller.ts';
import { percentIn, sizeIn } from './file-kinds.ts';
import { attachmentEnglish } from './grow-attachment.strings.ts';
import { styles } from './grow-attachment.styles.ts';
import type { Language } from './language.ts';
import { saveFile } from './save-file.ts';
import { base } from './tokens.styles.ts';

/** A file as it stands in a thread: one that the server has, or one that is only here so far. */
type Shown = Omit<Attachment, 'state'> & {
  readonly state?: Attachment['state'] | Upload['file']['state'];
  readonly detail?: string;
};

/** Pictures up to this size are fetched as they come into view; larger ones when somebody opens them. Bytes. */
const fetchedUnasked = 8 * 2 ** 20;

/** How large a thumbnail is, in pixels of the screen. */
const thumbnailWidth = 480;

/**
 * One file of a message: name, kind, size, and what there is to do with it. Its name and its words are text.
 *
 * A picture is drawn small from its bytes, which stay in memory no longer than that takes, and opens large in its
 * place: the crisis lines stay in sight. Anything else can be saved only: opened at an address of ours, it would run as if it were
 * the portal.
 */
export class GrowAttachment extends LitElement {
  static override properties = {
    file: {},
    language: {},
    trouble: { state: true },
    isBusy: { state: true },
    isDrawn: { state: true },
    large: { state: true },
    announcement: { state: true },
  };
  static override styles = [base, styles];

  file!: Shown;

  language!: Language;

  private trouble: FileTrouble | undefined;
  private isBusy = false;
  private isDrawn = false;
  /** Address of the picture that is open. */
  private large: string | undefined;
  private announcement = '';

  #files: Files | undefined;
  #leaving = new AbortController();
  #sight: IntersectionObserver | undefined;
  /** Whether it has come into view and was not looked at since. */
  #isSeen = false;
  readonly #uploads = new StoreController<number>(this);
  readonly #client = new ContextConsumer(this, { context: clientContext, subscribe: true });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leaving = new AbortController();
    this.#sight = new IntersectionObserver((looks) => {
      if (!looks.at(-1)?.isIntersecting) return;
      this.#isSeen = true;
      this.requestUpdate();
    });
    this.#sight.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight?.disconnect();
    this.#leaving.abort();
    this.#close();
  }

  protected override updated(): void {
    if (this.#isHere) void this.#follow();
    const isWanted = this.#isSeen && this.#isPicture && this.file.size <= fetchedUnasked;
    if (isWanted) queueMicrotask(() => void this.#draw());
  }

  protected override render() {
    const { file, language } = this;
    const strings = this.#strings;
    return html`
      ${this.#isPicture && !this.#isHere ? html`<canvas ?hidden=${!this.isDrawn || this.large} aria-hidden="true"></canvas>` : nothing}
      <span class="name"><bdi>${file.name}</bdi></span>
      <span class="soft"
        >${strings.fileKinds[file.mediaType] ?? strings.fileOther} · ${sizeIn(language, file.size)}</span
      >
      ${this.#isHere ? this.#onItsWay() : this.#acts()}
      <span class="only-heard" role="status">${this.announcement}</span>
      ${this.large === undefined ? nothing : this.#picture(this.large)}
    `;
  }

  #acts() {
    const { name } = this.file;
    const strings = this.#strings;
    const { trouble } = this;
    if (this.large !== undefined) return nothing;
    if (this.isBusy) return html`<span class="soft">${strings.fileLoading}</span>`;
    const words = this.#troubles[trouble ?? (this.file.state === 'unsafe' ? 'unsafe' : 'none')];
    if (words) {
      const isFinal = trouble !== 'failed' && trouble !== 'checked';
      return html`<span class="trouble">${words}</span> ${
          isFinal
            ? nothing
            : this.#button(this.language.strings.tryAgain, strings.retrySaving(name), this.#tryAgain)
        }`;
    }
    return html`
      ${this.file.state === 'checking' ? html`<span class="soft">${strings.fileChecked}</span>` : nothing}
      <span class="acts">
        ${this.#isPicture ? this.#button(strings.open, strings.openFile(name), this.#open) : nothing}
        ${this.#button(strings.save, strings.saveFile(name), this.#save)}
      </span>
    `;
  }

  #button(words: string, label: string, act: () => Promise<void>) {
    return html`<button class="link" aria-label=${label} @click=${() => void act()}>${words}</button>`;
  }

  /** How far one is that goes with a message which waits for it. */
  #onItsWay() {
    const upload = this.#files?.uploads?.upload(this.file.id);
    const strings = this.#strings;
    if (this.file.state === 'refused') {
      return this.file.detail ? html`<span class="trouble">${this.file.detail}</span>` : nothing;
    }
    if (!upload || upload.file.state !== 'waiting') return nothing;
    return html`
      <span class="soft">
        ${upload.isStuck ? strings.fileHeldUp : strings.fileOnItsWay(percentIn(this.language, upload.received / upload.file.size))}
      </span>
      <progress max=${upload.file.size} .value=${upload.received} aria-label=${this.file.name}></progress>
    `;
  }

  #picture(address: string) {
    const strings = this.#strings;
    return html`
      <div class="large" @keydown=${this.#handleKeydown}>
        <img src=${address} alt=${this.file.name} />
        <button class="link" aria-label=${strings.closeFile(this.file.name)} @click=${this.#close}>
          ${strings.close}
        </button>
      </div>
    `;
  }

  readonly #handleKeydown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    // Nobody else is to take it for a way out of what lies below.
    event.preventDefault();
    this.#close();
  };

  readonly #open = async () => {
    const bytes = await this.#get();
    if (!bytes || !this.isConnected) return;
    // What the server calls a picture is shown as one, whatever is in it; as anything else it is never opened.
    this.large = URL.createObjectURL(new Blob([bytes], { type: this.file.mediaType }));
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.large button')?.focus({ preventScroll: true });
    const picture = this.renderRoot.querySelector('img');
    await picture?.decode().catch(() => undefined);
    picture?.scrollIntoView({ block: 'nearest' });
  };

  readonly #save = async () => {
    const bytes = await this.#get();
    const client = this.#client.value;
    if (!bytes || !client || !this.isConnected) return;
    saveFile(bytes, this.file.name, client.me);
    this.announcement = this.#strings.fileSaved(this.file.name);
  };

  readonly #tryAgain = async () => {
    this.trouble = undefined;
    this.requestUpdate();
    if (this.#isPicture) await this.#draw();
    else await this.#save();
  };

  readonly #close = () => {
    if (this.large === undefined) return;
    URL.revokeObjectURL(this.large);
    this.large = undefined;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.acts button')?.focus());
  };

  /** The bytes; undefined where there are none to be had, which is then said. */
  async #get(): Promise<Blob | undefined> {
    const { signal } = this.#leaving;
    const client = this.#client.value;
    if (!client?.isReady || this.isBusy) return undefined;
    this.isBusy = true;
    try {
      const files = await client.files();
      return await files.fetch(this.file.id, signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      this.trouble = error instanceof NoFile ? error.trouble : 'failed';
      this.announcement = `${this.file.name}: ${this.#troubles[this.trouble]}`;
      return undefined;
    } finally {
      this.isBusy = false;
    }
  }

  /** Draws a picture small, once. */
  async #draw(): Promise<void> {
    if (this.isDrawn || this.trouble || this.isBusy || this.#isHere || !this.#client.value) return;
    if (this.file.state === 'checking' || this.file.state === 'unsafe') return;
    this.#isSeen = false;
    const bytes = await this.#get();
    if (!bytes) return;
    const canvas = this.renderRoot.querySelector('canvas');
    try {
      const width = thumbnailWidth * Math.min(2, devicePixelRatio || 1);
      const picture = await createImageBitmap(bytes);
      if (!canvas) return;
      const scale = Math.min(1, width / picture.width, (2 * width) / picture.height);
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      this.isDrawn = true;
    } catch {
      // No picture that this browser knows: it can still be saved.
    }
  }

  /** Hears how far the upload is. */
  async #follow(): Promise<void> {
    const client = this.#client.value;
    if (this.#files || !client?.isReady) return;
    this.#files = await client.files().catch(() => undefined);
    if (this.#files && this.isConnected) {
      this.#uploads.follow(this.#files.changes);
      this.requestUpdate();
    }
  }

  get #isPicture(): boolean {
    return this.file.mediaType === 'image/jpeg' || this.file.mediaType === 'image/png';
  }

  /** Whether it is only here so far. */
  get #isHere(): boolean {
    const { state } = this.file;
    return state === 'waiting' || state === 'there' || state === 'refused';
  }

  get #troubles(): Readonly<Record<FileTrouble | 'none', string>> {
    const { fileChecked, fileUnsafe, fileMissing, fileBroken } = this.#strings;
    return { checked: fileChecked, unsafe: fileUnsafe, gone: fileMissing, failed: fileBroken, none: '' };
  }

  get #strings() {
    return this.language.words(attachmentEnglish);
  }
}
