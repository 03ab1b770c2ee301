// How well the phrases that open the crisis lines do, as the rows of the table in docs/crisis-phrases.md.
// `npm run crisis-phrases` prints them; `-- --wrong` also prints every message that went wrong.
import { corpus } from '../test/support/danger-corpus.ts';
import { heldOut } from '../test/support/danger-held-out.ts';
import { holdsDanger } from '../widget/view/danger.ts';

const sets = { 'tuned on': corpus, 'held out': heldOut };
const languages = { en: 'English', es: 'Spanish' };

/** One row for each set and language. */
export function rows() {
  return Object.entries(sets).flatMap(([set, samples]) =>
    Object.entries(languages).map(([language, name]) => {
      const own = samples.filter((sample) => sample.language === language);
      const danger = own.filter(({ isDanger }) => isDanger);
      const found = danger.filter(({ text }) => holdsDanger(text)).length;
      const alarms = own.filter(({ isDanger, text }) => !isDanger && holdsDanger(text)).length;
      const harmless = own.length - danger.length;
      return `| ${name}, ${set} | ${found} of ${danger.length} (${percent(found, danger.length)}) | ${percent(found, found + alarms)} | ${alarms} of ${harmless} |`;
    }),
  );
}

function percent(part, whole) {
  return `${Math.round((100 * part) / whole)} %`;
}

if (globalThis.process?.argv[1]?.endsWith('crisis-phrases.mjs')) {
  console.log(rows().join('\n'));
  if (process.argv.includes('--wrong')) {
    for (const { text, isDanger } of [...corpus, ...heldOut]) {
      if (holdsDanger(text) !== isDanger) console.log(isDanger ? 'missed:' : 'false alarm:', text);
    }
  }
}
