import { isHarmlessAddress } from './address.ts';

/** Of a field only its beginning says what it does. */
const beginning = 512;
const maxDepth = 64;

/**
 * Follows the fields of a Word document, which lie in one another, and says whether one fetches or starts something: DDE
 * starts programs, others read files and addresses.
 */
export class FieldWatch {
  /** What each open field is told to do, as far as it has been said; undefined once its result has begun. */
  readonly #open: (string | undefined)[] = [];
  #loads = false;

  /** Whether a field was seen that fetches or starts something, or that hides what it does. */
  get loads(): boolean {
    return this.#loads;
  }

  begin(): void {
    // One that begins with another gets its first word from that, and nobody can tell which it will be.
    if (this.#open.at(-1)?.trim() === '' || this.#open.length >= maxDepth) this.#loads = true;
    else this.#open.push('');
  }

  say(text: string): void {
    const field = this.#open.length - 1;
    const said = this.#open[field];
    if (said !== undefined && said.length < beginning) this.#open[field] = said + text.slice(0, beginning);
  }

  separate(): void {
    this.#judge(this.#open.at(-1));
    if (this.#open.length > 0) this.#open[this.#open.length - 1] = undefined;
  }

  end(): void {
    this.#judge(this.#open.pop());
  }

  /** The text is over. What was never closed is read by some. */
  finish(): void {
    while (this.#open.length > 0) this.end();
  }

  /** A field that is written in one piece. */
  whole(instruction: string): void {
    this.#judge(instruction);
  }

  #judge(instruction: string | undefined): void {
    if (instruction === undefined) return;
    const start = instruction.slice(0, beginning);
    const address = /^[\s"]*HYPERLINK\s+(?:\\[a-z]\s+)?"?([^"\s]{0,300})/i.exec(start)?.[1];
    // A path in a field has its backslashes twice.
    if (loading.test(start) || (address !== undefined && !isHarmlessAddress(address))) this.#loads = true;
  }
}

const loading =
  /^[\s"\\]*(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE|RD|HTMLACTIVEX|CONTROL|OCX|EMBED)(?![A-Z])/i;
