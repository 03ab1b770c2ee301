import { ContextConsumer } from '@lit/context';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { clientContext } from '../state/client-context.ts';
import type { Files, NewFile, Upload } from '../state/files.ts';
import type { MessagingClient } from '../state/messaging-client.ts';
import { StoreController } from '../state/store-controller.ts';
import { tell } from './events.ts';
import { endingsOf, isHeic, mediaTypeOf, percentIn, sizeIn } from './file-kinds.ts';
import { attachmentsEnglish } from './grow-attachments.strings.ts';
import { styles } from './grow-attachments.styles.ts';
import type { Language } from './language.ts';
import { base } from './tokens.styles.ts';

/** A file that somebody chose while writing the draft of that name. */
export type Chosen = { readonly place: string; readonly file: File };

/** What was chosen and can't be attached, and why. */
type Refused = { readonly name: string; readonly reason: string };

/**
 * The files that go with what is being written: name, size, how far each one is. They are on their way from
 * the moment they are attached.
 *
 * @fires {FilesChangeEvent} files-change - How many go along; -1 while they are made ready, -2 while one can't go.
 */
export class GrowAttachments extends LitElement {
  static override properties = {
    place: {},
    chosen: {},
    language: {},
    refused: { state: true },
    preparing: { state: true },
    isBroken: { state: true },
    announcement: { state: true },
  };
  static override styles = [base, styles];

  /** Which draft they lie beside. */
  place = '';

  /** What is to be attached, each once, however often it is in the list. */
  chosen: readonly Chosen[] = [];

  language!: Language;

  private refused: readonly Refused[] = [];
  private preparing = 0;
  private isBroken = false;
  private announcement = '';

  #files: Files | undefined;
  readonly #ready = Promise.withResolvers<Files>();
  #told: number | undefined;
  /** What was said of each file last. */
  #states = new Map<string, string>();
  #turn: Promise<void> = Promise.resolve();
  readonly #taken = new WeakSet<Chosen>();
  readonly #changes = new StoreController<number>(this);
  readonly #client = new ContextConsumer(this, {
    context: clientContext,
    subscribe: true,
    callback: (client) => void this.#begin(client),
  });

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('place')) {
      this.refused = [];
      this.announcement = '';
      this.#states.clear();
      this.#told = undefined;
    }
    if (changed.has('chosen')) {
      // Whoever gives us something wants to hear of it.
      this.#told = undefined;
      const fresh = this.chosen.filter((chosen) => !this.#taken.has(chosen));
      for (const chosen of fresh) this.#taken.add(chosen);
      for (const [place, files] of Map.groupBy(fresh, (chosen) => chosen.place)) {
        void this.#take(
          place,
          files.map(({ file }) => file),
        );
      }
    }
    this.#announce();
  }

  protected override updated(): void {
    const attached = this.#attached;
    const isRefused = attached.some(({ file }) => file.state === 'refused');
    const count = !this.#isThere || this.preparing ? -1 : isRefused ? -2 : attached.length;
    if (count === this.#told) return;
    this.#told = count;
    // The composer is at drawing us: what it is told now, it draws after that.
    queueMicrotask(() => tell(this, 'files-change', { count }));
  }

  protected override render() {
    const strings = this.#strings;
    const attached = this.#attached;
    return html`
      ${
        attached.length > 0
          ? html`<ul role="list" aria-label=${strings.attached}>
              ${attached.map((upload) => this.#row(upload))}
            </ul>`
          : nothing
      }
      ${this.refused.map(
        ({ name, reason }) =>
          html`<p class="refused">
            <span
              ><strong><bdi>${name}</bdi></strong> ${reason}</span
            >
            ${this.#cross(name, () => (this.refused = this.refused.filter((other) => other.name !== name)))}
          </p>`,
      )}
      ${this.preparing > 0 ? html`<p class="soft">${strings.preparing}</p>` : nothing}
      ${
        this.isBroken
          ? html`<p class="refused">
              ${this.language.strings.partFailed}
              <button class="link" @click=${() => this.#begin(this.#client.value)}>
                ${this.language.strings.tryAgain}
              </button>
            </p>`
          : nothing
      }
      <p class="only-heard" role="status">${this.announcement}</p>
    `;
  }

  #row(upload: Upload) {
    const { file, received, isKept } = upload;
    const strings = this.#strings;
    const isRefused = file.state === 'refused';
    return html`
      <li class=${isRefused ? 'is-refused' : nothing}>
        <div class="about">
          <strong><bdi>${file.name}</bdi></strong>
          <span class="soft">${sizeIn(this.language, file.size)}</span>
          <span class=${isRefused ? 'why' : 'soft'}>${this.#state(upload)}</span>
          ${isKept || file.state === 'there' ? nothing : html`<span class="soft">${strings.fileNotKept}</span>`}
          ${
            file.state === 'waiting'
              ? html`<progress max=${file.size} .value=${received} aria-label=${file.name}></progress>`
              : nothing
          }
          ${
            (isRefused && !isFinal(file)) || upload.isStuck
              ? html`<button
                  class="link"
                  aria-label=${strings.retryFile(file.name)}
                  @click=${() => this.#files?.uploads?.retry(file.id)}
                >
                  ${this.language.strings.tryAgain}
                </button>`
              : nothing
          }
        </div>
        ${this.#cross(file.name, () => this.#remove(upload))}
      </li>
    `;
  }

  #cross(name: string, remove: () => unknown) {
    return html`<button class="cross" aria-label=${this.#strings.removeFile(name)} @click=${remove}>
      <span aria-hidden="true">×</span>
    </button>`;
  }

  #state({ file, received, isStuck }: Upload): string {
    const strings = this.#strings;
    if (file.state === 'there') return strings.fileUploaded;
    if (file.state === 'refused') return this.#reason(file);
    if (isStuck) return strings.fileStuck;
    return received > 0 || file.uploadId
      ? strings.fileUploading(percentIn(this.language, received / file.size))
      : strings.fileWaiting;
  }

  #reason({ code, detail }: Upload['file']): string {
    const strings = this.#strings;
    return code === 'gone' ? strings.fileGone : (detail ?? strings.fileRefused);
  }

  /** Says once what has become of a file, and nothing of what is on the way. */
  #announce(): void {
    const strings = this.#strings;
    const said: string[] = [];
    const states = new Map<string, string>();
    for (const { file } of this.#attached) {
      const before = this.#states.get(file.id);
      states.set(file.id, file.state);
      // What lay here before is no news.
      if (before === undefined || before === file.state) continue;
      if (file.state === 'there') said.push(strings.fileReady(file.name));
      if (file.state === 'refused') said.push(strings.fileFailed(file.name, this.#reason(file)));
    }
    this.#states = states;
    if (said.length > 0) this.announcement = said.join(' ');
  }

  async #begin(client: MessagingClient | undefined): Promise<void> {
    if (!client?.isReady) return;
    this.isBroken = false;
    try {
      const files = await client.files();
      await files.attaching();
      this.#files = files;
      this.#ready.resolve(files);
      this.#changes.follow(files.changes);
      this.requestUpdate();
    } catch {
      this.isBroken = true;
    }
  }

  /** Attaches what can go; of what can't, says why at once. One choice after the other. */
  #take(place: string, chosen: readonly File[]): Promise<void> {
    this.preparing += 1;
    this.#turn = this.#turn
      .then(() => this.#attach(place, chosen))
      .catch(reportError)
      .finally(() => (this.preparing -= 1));
    return this.#turn;
  }

  async #attach(place: string, chosen: readonly File[]): Promise<void> {
    // Until that is there, what was chosen waits.
    const uploads = await (await this.#ready.promise).attaching();
    const sound: NewFile[] = [];
    const refused: Refused[] = [];
    let room = (this.#limits?.maxAttachments ?? 0) - uploads.attachedTo(place).length;
    for (const file of chosen) {
      const found = await this.#look(file, room);
      if ('reason' in found) refused.push(found);
      else {
        sound.push(found);
        room -= 1;
      }
    }
    if (sound.length > 0) await uploads.attach(place, sound);
    if (place !== this.place) return;
    this.refused = [...this.refused, ...refused];
    const strings = this.#strings;
    this.announcement = [
      ...sound.map(({ name }) => strings.fileAttached(name)),
      ...refused.map(({ name, reason }) => strings.fileFailed(name, reason)),
    ].join(' ');
  }

  /** The file as it can go, or why it can't. */
  async #look(file: File, room: number): Promise<NewFile | Refused> {
    const { name } = file;
    const limits = this.#limits;
    const strings = this.#strings;
    if (!limits || room <= 0) return { name, reason: strings.tooManyFiles(limits?.maxAttachments ?? 0) };
    if (isHeic(file) && limits.mediaTypes.includes('image/jpeg')) {
      const { asJpeg } = await import('./jpeg.ts');
      const photo = await asJpeg(file).catch(() => undefined);
      return photo ? this.#look(photo, room) : { name, reason: strings.photoKind };
    }
    const mediaType = mediaTypeOf(name);
    if (!mediaType || !limits.mediaTypes.includes(mediaType)) {
      return { name, reason: strings.fileKind(endingsOf(limits.mediaTypes)) };
    }
    if (file.size === 0) return { name, reason: strings.fileEmpty };
    if (file.size > limits.maxAttachmentBytes) {
      return { name, reason: strings.fileTooLarge(sizeIn(this.language, limits.maxAttachmentBytes)) };
    }
    return { name, mediaType, bytes: file };
  }

  async #remove({ file }: Upload): Promise<void> {
    const at = this.#attached.findIndex((upload) => upload.file.id === file.id);
    this.announcement = this.#strings.fileRemoved(file.name);
    await this.#files?.uploads?.remove(file.id);
    await this.updateComplete;
    // To the next file, or the last; where there is none, to where one writes.
    const crosses = [...this.renderRoot.querySelectorAll<HTMLElement>('li .cross')];
    const next = crosses[at] ?? crosses.at(-1);
    (next ?? ((this.getRootNode() as ShadowRoot).host as HTMLElement)).focus();
  }

  get #attached(): readonly Upload[] {
    return this.#files?.uploads?.attachedTo(this.place) ?? [];
  }

  get #isThere(): boolean {
    return this.#files?.uploads !== undefined;
  }

  get #limits() {
    return this.#client.value?.me.value?.limits;
  }

  get #strings() {
    return this.language.words(attachmentsEnglish);
  }
}

/** Whether the same file would be refused again. */
function isFinal({ code }: Upload['file']): boolean {
  return code === 'gone' || code === 'unsafe-file' || code === 'unsupported-file' || code === 'too-large';
}
