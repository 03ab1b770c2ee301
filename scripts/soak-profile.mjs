// npm run soak:profile: words are planted wherever words of people stand, a visit ends in each way that there is, and
// the browser's whole profile is searched for them; CHROME_PATH names another browser than the one that npm brings. The
// tests do two of the endings.
import { MortalPractice } from '../test/support/mortal-practice.ts';
import { endings, findWhatLiesOpen, harvest } from '../test/support/planted-profile.ts';

const ends = [];
const practice = await MortalPractice.open({ after: (end) => ends.unshift(end) });
const show = (finds) => finds.map(({ file, how, word }) => `    ${word} in ${file} (${how})`).join('\n');
try {
  for (const ending of endings) {
    const { during, after, files } = await harvest(practice, ending);
    console.log(
      `${ending}: ${during.length} finds during the visit, ${after.length} after it, in ${files} files`,
    );
    if (during.length + after.length > 0) console.log(show([...during, ...after]));
    if (during.length + after.length > 0) process.exitCode = 1;
  }
  const { words, during } = await harvest(practice, endings[0], { isSealed: false });
  const found = words.filter((word) => during.some((find) => find.word === word));
  console.log(`With sealing switched off, ${found.length} of ${words.length} words are found.`);
  if (found.length < words.length) process.exitCode = 1;
  for (const [place, finds] of await findWhatLiesOpen(practice)) {
    const ways = [...new Set(finds.map(({ how }) => how))];
    console.log(`A word in ${place} is found as ${ways.join('; ') || 'nothing'}.`);
    if (ways.length === 0) process.exitCode = 1;
  }
} finally {
  for (const end of ends) await end();
}
