/** Finds things by the beginnings of the words in their names, however these are accented or capitalised. */
export class WordFilter<Item> {
  readonly #items: readonly Item[];
  readonly #textOf: (item: Item) => string;
  #words: readonly (readonly string[])[] | undefined;

  constructor(items: readonly Item[], textOf: (item: Item) => string) {
    this.#items = items;
    this.#textOf = textOf;
  }

  /** Those in whose names each of these words begins one, in the order they came in. */
  find(text: string): readonly Item[] {
    const wanted = wordsOf(text.replace(joints, ''));
    if (wanted.length === 0) return this.#items;
    // Thousands of names are taken apart once, and only when somebody looks for one.
    this.#words ??= this.#items.map((item) => {
      const name = this.#textOf(item);
      return [...wordsOf(name), ...wordsOf(name.replace(joints, ''))];
    });
    const words = this.#words;
    return this.#items.filter((_, at) =>
      wanted.every((beginning) => words[at]?.some((word) => word.startsWith(beginning))),
    );
  }
}

/** What stands inside a name without ending it: O’Neill is found by "neill" and by "oneill". */
const joints = /['’ʼ‘-]/g;

function wordsOf(text: string): readonly string[] {
  return plain(text)
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');
}

/** Without accents and capitals. A few letters are whole and have no accent that could be taken off. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[ßæœøłđðþı]/g, (letter) => whole[letter] ?? letter);
}

const whole: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
