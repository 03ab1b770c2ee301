import type { Meta } from '@storybook/web-components-vite';
import { aProvider } from '../test/support/message-builders.ts';
import { find, findAll, has } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { openThread, type } from './acts.ts';
import { anEmptyClinic, lee, type Line, said, threads } from './clinic.ts';
import { scene } from './scene.ts';

export default { title: 'Hard days/Long' } satisfies Meta;

const paragraph =
  'This week was calmer than the one before. I went for a walk on most days, I kept the breathing exercise for the evening, and I slept through on four nights out of seven. ';

const exchange: readonly (readonly [from: 'me' | 'them', text: string])[] = [
  ['me', 'Good morning! The sleep diary for this week is under Documents.'],
  ['them', 'Thank you, Ana. I will have a look before Thursday.'],
  ['me', 'Three of the nights were good ones.'],
  ['them', 'That is one more than last week. What was different?'],
  ['me', paragraph.trim()],
  ['them', 'See you on Thursday at 10:00.'],
];

/** Two years of Thursdays, read back from the end. */
export const Thread = scene({
  server: () => {
    const lines = Array.from({ length: 600 }, (_, index): Line => {
      const [from, text] = exchange[index % exchange.length] ?? exchange[0]!;
      return [Math.floor((600 - index) / 6) * 7 + 1, `9:${10 + (index % 6) * 8}`, from, text];
    });
    const server = anEmptyClinic();
    server.addThread({ id: threads.lee, other: lee, messages: said(lines, lee) });
    return server;
  },
  async play(element) {
    await openThread(element, threads.lee);
    const newest = findAll(element, 'grow-message').length;
    find(element, '.scroller').scrollTop = 300;
    await until(() => findAll(element, 'grow-message').length > newest, 'older messages are there');
    await until(() => has(element, '.newest'), 'there is a way back to the newest');
  },
});

/** As long as a message may be, a name and a word that do not end. */
export const Words = scene({
  server: () => {
    const other = aProvider({
      ...lee,
      displayName: 'Dr. Maria-Magdalena Wolfeschlegelsteinhausen-Bergerdorff de la Fuente y Santamaría',
      credentials: 'PhD, LMFT, LCSW, PMHNP-BC, Licensed Clinical Psychologist',
      replyPolicy: 'on Mondays, Wednesdays and Fridays between 10:00 and 12:00, except on public holidays',
    });
    const server = anEmptyClinic();
    server.addThread({
      id: threads.lee,
      other,
      messages: said(
        [
          [1, '9:00', 'me', paragraph.repeat(50).slice(0, 8_000)],
          [1, '9:30', 'them', `https://worksheets.example/${'sleep-diary-'.repeat(30)}.pdf`],
          [1, '9:31', 'me', 'Th' + 'a'.repeat(300) + 'nk you!'],
        ],
        other,
      ),
    });
    return server;
  },
  play: (element) => openThread(element, threads.lee),
});

/** More than a message may hold: nothing is cut off, and it says by how much. */
export const Draft = scene({
  async play(element) {
    await openThread(element, threads.lee);
    type(element, paragraph.repeat(50));
    await until(() => has(element, '.over'), 'it says that it is too long');
  },
});
