type Make = (...given: readonly unknown[]) => unknown;

const latin = 'abcdefghijklmnopqrstuvwxyz';
const hebrew = 'אבצדעפגהיזקלמנופקרסטוושחיז';

/** Stands for a word that is filled in, so that it comes out as it went in. No language has these letters. */
const markFirst = 0xe000;

/**
 * Words as they are in a language that nobody speaks and that is written from right to left: each Latin letter
 * is a Hebrew one, all else stays, and so does whatever is filled in. Takes words in any shape: alone, in
 * lists and tables, and made by functions.
 */
export function pseudo<Words>(words: Words): Words {
  return translated(words) as Words;
}

function translated(words: unknown): unknown {
  if (typeof words === 'string') return words.replace(/[a-z]/gi, letterFor);
  if (typeof words === 'function') return (...given: unknown[]) => filledIn(words as Make, given);
  if (Array.isArray(words)) return words.map(translated);
  if (typeof words !== 'object' || words === null) return words;
  return Object.fromEntries(Object.entries(words).map(([name, value]) => [name, translated(value)]));
}

function letterFor(letter: string): string {
  return hebrew[latin.indexOf(letter.toLowerCase())] ?? letter;
}

/** Numbers go in as they are: they may choose between one and many, and have no letters. */
function filledIn(make: Make, given: readonly unknown[]): unknown {
  const marks = given.map((value, at) =>
    typeof value === 'string' ? String.fromCharCode(markFirst + at) : value,
  );
  const made = translated(make(...marks));
  return typeof made === 'string'
    ? made.replace(/[\uE000-\uE0FF]/g, (mark) => String(given[mark.charCodeAt(0) - markFirst]))
    : made;
}
