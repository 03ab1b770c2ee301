import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Session } from '../state/messaging-client.ts';
import { isComposing } from './composing.ts';
import { tell } from './events.ts';
import { quickHideEnglish } from './grow-quick-hide.strings.ts';
import { styles } from './grow-quick-hide.styles.ts';
import type { Language } from './language.ts';
import { base } from './tokens.styles.ts';

/** What somebody does who is there. Scrolling is not one of them: pages scroll by themselves as well. */
const signs = ['pointerdown', 'pointermove', 'touchmove', 'wheel', 'keydown', 'input', 'focusin'] as const;

/** What a page hears when it comes back: from another tab, from being frozen, from sleep. */
const returns = ['visibilitychange', 'resume', 'pageshow', 'focus'] as const;

/** How soon the second Escape has to follow the first, in milliseconds. */
const twiceWithin = 1_000;

const second = 1_000;
const minute = 60 * second;

/** In minutes: where none is set, or one that is no time at all; and more than anybody leaves a screen open for. */
const idleUsually = 10;
const idleAtMost = 24 * 60;

/**
 * Puts everything out of sight: by its button, by Escape pressed twice, by itself where nobody is there any
 * more, and before the page goes into the back/forward cache. While all is hidden it stands in its place, and
 * offers to show it again.
 *
 * @fires {HideWantedEvent} hide-wanted - Everything is to be out of sight, at once.
 * @fires {ShowWantedEvent} show-wanted - Somebody wants to see it again.
 */
export class GrowQuickHide extends LitElement {
  static override properties = {
    discreet: { type: Boolean, reflect: true },
    idleMinutes: {},
    session: { reflect: true },
    language: {},
    isWarning: { state: true },
  };
  static override styles = [base, styles];

  /** Whether there is a button and a key; without, only time hides. */
  discreet = false;

  /** After how long without a sign of life. What is no positive number is ten minutes. */
  idleMinutes: number | null | undefined;

  session: Session = 'starting';

  language!: Language;

  private isWarning = false;

  #leaving = new AbortController();
  #tick: ReturnType<typeof setTimeout> | undefined;
  #lastSign = readClocks();
  #lastPlace = '';
  #firstEscape = -Infinity;

  override connectedCallback(): void {
    super.connectedCallback();
    const { signal } = (this.#leaving = new AbortController());
    // On the way down from the window, before whoever else listens draws or does anything.
    const options = { capture: true, passive: true, signal };
    for (const type of returns) addEventListener(type, () => this.#look(), options);
    for (const type of signs) addEventListener(type, (event) => this.#handleSign(event), options);
    addEventListener('keydown', (event) => this.#handleKeydown(event), { capture: true, signal });
    // What lies in the back/forward cache may be brought back by the next person at the computer.
    addEventListener('pagehide', ({ persisted }) => persisted && this.#hide(), options);
    this.#lastSign = readClocks();
    this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leaving.abort();
    clearTimeout(this.#tick);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('session')) return;
    // Who was in what is gone now has lost their place; who is elsewhere on the page keeps it.
    const isLost = !document.activeElement || document.activeElement === document.body;
    if (this.session === 'locked' && isLost) this.renderRoot.querySelector('button')?.focus();
    this.#look();
  }

  protected override render() {
    const strings = this.language.words(quickHideEnglish);
    if (this.session === 'locked') {
      return html`
        <main>
          <div class="cover" role="alert">
            <h2>${strings.hidden}</h2>
            <p>${strings.hiddenHint}</p>
            <button class="primary" @click=${() => tell(this, 'show-wanted')}>${strings.show}</button>
          </div>
        </main>
      `;
    }
    const soon = this.isWarning ? strings.hidesSoon : nothing;
    if (!this.discreet || !this.#isOpen) return html`<p class="alone" role="status">${soon}</p>`;
    return html`
      <div class="bar" role="region" aria-label=${strings.hideNow}>
        <p class="soon" role="status">${soon}</p>
        <span class="how" id="how" ?hidden=${this.isWarning}>${strings.hideByKey}</span>
        <button class="quiet" aria-describedby="how" @mousedown=${stay} @click=${() => this.#hide()}>
          ${strings.hideNow}
        </button>
      </div>
    `;
  }

  /** Whether there is something on screen, or may come by itself. */
  get #isOpen(): boolean {
    return this.session === 'ready' || this.session === 'starting' || this.session === 'unreachable';
  }

  /** How long nobody has to be there, in milliseconds. */
  get #limit(): number {
    const { idleMinutes, discreet } = this;
    if (typeof idleMinutes !== 'number' && !discreet) return Infinity;
    const isSet = typeof idleMinutes === 'number' && idleMinutes > 0;
    return (isSet ? Math.min(idleMinutes, idleAtMost) : idleUsually) * minute;
  }

  /** Hides where it is time to, or says that it soon is. */
  #look(): void {
    clearTimeout(this.#tick);
    if (!this.#isOpen) return;
    const left = this.#limit - since(this.#lastSign);
    if (left <= 0) return this.#hide();
    this.isWarning = left <= Math.min(minute, this.#limit / 2);
    // No computer wakes a timer from its sleep: a short one at least notices soon after.
    this.#tick = setTimeout(() => this.#look(), second);
  }

  /** A sign that comes too late is a stranger's as well as anybody's. */
  #handleSign(event: Event): void {
    if (event.type === 'pointermove' && this.#isStill(event as PointerEvent)) return;
    if (this.#isOpen && since(this.#lastSign) >= this.#limit) return this.#look();
    this.#lastSign = readClocks();
    this.isWarning = false;
  }

  /** Browsers tell of a pointer that rests as well, when something moves under it. */
  #isStill({ screenX, screenY }: PointerEvent): boolean {
    const place = `${screenX} ${screenY}`;
    const isStill = place === this.#lastPlace;
    this.#lastPlace = place;
    return isStill;
  }

  /**
   * One Escape is everybody's: it closes what is open. The second within a second hides, whatever the first
   * one closed, so that nobody in a hurry has to think.
   */
  #handleKeydown(event: KeyboardEvent): void {
    // Held down, it is one; and in a composition it belongs to that.
    if (event.repeat) return;
    const isEscape = event.key === 'Escape' && !isComposing(event);
    const isSecond = isEscape && event.timeStamp - this.#firstEscape <= twiceWithin;
    this.#firstEscape = isEscape && !isSecond ? event.timeStamp : -Infinity;
    if (!isSecond || !this.discreet || !this.#isOpen) return;
    event.preventDefault();
    this.#hide();
  }

  #hide(): void {
    if (!this.#isOpen) return;
    this.isWarning = false;
    tell(this, 'hide-wanted');
  }
}

/** The time by two clocks: one stands still while the computer sleeps, the other one can be set back. */
function readClocks() {
  return { wall: Date.now(), steady: performance.now() };
}

function since({ wall, steady }: ReturnType<typeof readClocks>): number {
  return Math.max(Date.now() - wall, performance.now() - steady);
}

/** Pressed with a pointer, a button takes the focus: who writes keeps it, and comes back to it. */
function stay(event: Event): void {
  event.preventDefault();
}
