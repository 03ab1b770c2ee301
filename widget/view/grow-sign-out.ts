import { html, LitElement, nothing } from 'lit';
import { tell, type EraseDecidedEvent } from './events.ts';
import { signOutEnglish } from './grow-sign-out.strings.ts';
import { styles } from './grow-sign-out.styles.ts';
import type { Language } from './language.ts';
import { register } from './register.ts';
import { base, tokens } from './tokens.styles.ts';

/**
 * Asks before what was not sent is erased. It stands before everything else, with the crisis lines in it: those
 * behind it can't be reached meanwhile. Escape stays.
 *
 * @fires {EraseDecidedEvent} erase-decided - The person has decided, or was taken away without.
 */
export class GrowSignOut extends LitElement {
  static override properties = { language: {}, phone: {}, resourcesUrl: {} };
  static override styles = [tokens, base, styles];

  language!: Language;

  /** As on the crisis lines. */
  phone: string | undefined;
  resourcesUrl: string | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#decide(false);
  }

  protected override updated(): void {
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  protected override render() {
    const { locale, direction, strings } = this.language;
    const words = this.language.words(signOutEnglish);
    return html`
      <dialog
        lang=${locale ?? nothing}
        dir=${direction}
        aria-labelledby="ask"
        aria-describedby="unsent"
        @close=${() => this.#decide(this.#dialog.returnValue === 'erase')}
      >
        <div class="words">
          <h2 id="ask">${words.signOutAsk}</h2>
          <p id="unsent">${words.signOutUnsent}</p>
          <div class="answers">
            <button class="primary" @click=${() => this.#dialog.close()}>${words.signOutStay}</button>
            <button class="quiet" @click=${() => this.#dialog.close('erase')}>${words.signOutErase}</button>
          </div>
        </div>
        <grow-crisis
          .strings=${{ ...strings, crisisRegion: words.signOutCrisis }}
          .phone=${this.phone}
          .resourcesUrl=${this.resourcesUrl}
        ></grow-crisis>
      </dialog>
    `;
  }

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }

  #decide(mayErase: boolean): void {
    tell(this, 'erase-decided', { mayErase });
  }
}

/** On whose behalf it is asked. */
export type Asking = LitElement & {
  readonly crisisPhone: string | undefined;
  readonly resourcesUrl: string | undefined;
};

/** Asks on behalf of an element. Resolves where it may be erased; rejects with an AbortError where the person stays. */
export async function askToErase(host: Asking, language: Language): Promise<void> {
  register({ 'grow-sign-out': GrowSignOut });
  const dialog = document.createElement('grow-sign-out') as GrowSignOut;
  dialog.language = language;
  dialog.phone = host.crisisPhone;
  dialog.resourcesUrl = host.resourcesUrl;
  const decided = new Promise<boolean>((resolve) =>
    dialog.addEventListener('erase-decided', (event) =>
      resolve((event as EraseDecidedEvent).detail.mayErase),
    ),
  );
  // A portal may ask on a page where it has put the messages out of view: the question has to be seen all the same.
  (host.checkVisibility() ? host.renderRoot : document.body).append(dialog);
  const mayErase = await decided;
  dialog.remove();
  if (!mayErase) throw new DOMException('The person stays signed in.', 'AbortError');
}
