import type { Correspondent } from '../../protocol/person.ts';

/** A name with its letters: Dana Lee, LMFT. Discreet, without: they say what kind of help it is. */
export function nameOf({ displayName, credentials }: Correspondent, isDiscreet = false): string {
  return credentials && !isDiscreet ? `${displayName}, ${credentials}` : displayName;
}

/** One or two letters that stand for a name: DL. */
export function initialsOf({ displayName }: Correspondent): string {
  const words = displayName.split(/\s+/u).filter((word) => /^\p{L}/u.test(word) && !/\.$/u.test(word));
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen.map((word) => [...(word ?? '')][0]?.toLocaleUpperCase() ?? '').join('');
}
