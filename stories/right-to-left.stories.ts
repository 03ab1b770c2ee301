import type { Meta } from '@storybook/web-components-vite';
import type { FakeServer } from '../test/support/fake-server.ts';
import { pseudo } from '../test/support/pseudo-locale.ts';
import { button, find, has, write } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { composeEnglish } from '../widget/view/grow-compose.strings.ts';
import { guideEnglish } from '../widget/view/grow-guide.strings.ts';
import { inboxToolsEnglish } from '../widget/view/grow-inbox-tools.strings.ts';
import { quickHideEnglish } from '../widget/view/grow-quick-hide.strings.ts';
import { readersEnglish } from '../widget/view/grow-readers.strings.ts';
import { replyClockEnglish } from '../widget/view/grow-reply-clock.strings.ts';
import { english } from '../widget/view/strings.ts';
import { openThread, ready, say } from './acts.ts';
import {
  ana,
  anEmptyClinic,
  aPractice,
  lee,
  type Line,
  linesWithLee,
  okafor,
  said,
  threads,
} from './clinic.ts';
import { scene, type Scene } from './scene.ts';

export default { title: 'Hard days/Right to left' } satisfies Meta;

/** Everybody writes from right to left, but for one message, and for a name that is written otherwise. */
function server(): FakeServer {
  const other = {
    ...lee,
    displayName: pseudo('Maya Lee'),
    credentials: pseudo('PhD'),
    replyPolicy: pseudo('within 2 business days'),
  };
  const lines: readonly Line[] = [
    ...linesWithLee.map(([daysAgo, time, from, text]): Line => [daysAgo, time, from, pseudo(text)]),
    [1, '9:40', 'them', 'The front desk is at +1 212-555-0134 (call before 5 p.m.).'],
  ];
  const clinic = anEmptyClinic();
  clinic.addThread({ id: threads.lee, other, messages: said(lines, other) });
  clinic.addThread({
    id: threads.okafor,
    other: okafor,
    messages: said(
      [[0, '9:40', 'them', pseudo('Welcome! Please fill in the intake form (page 2).')]],
      okafor,
    ),
    unread: 1,
  });
  clinic.readByOther(threads.lee);
  const { person, guidance } = clinic.me;
  const self = { ...person, displayName: pseudo(person.displayName) };
  clinic.me = { ...clinic.me, person: self, guidance: pseudo(guidance) };
  return clinic;
}

const strings = pseudo({
  ...english,
  ...composeEnglish,
  ...guideEnglish,
  ...inboxToolsEnglish,
  ...quickHideEnglish,
  ...readersEnglish,
  ...replyClockEnglish,
});

const mirrored = (play: Required<Scene>['play']) =>
  scene({ server, settings: { dir: 'rtl', locale: 'he', strings }, play });

export const Inbox = mirrored(ready);

export const Thread = mirrored((element) => openThread(element, threads.lee));

/** What could not get through, and no connection. */
export const Unsent = mirrored(async (element, clinic) => {
  await openThread(element, threads.lee);
  clinic.setOffline(true);
  await until(() => has(element, '.notices p'), 'it says that there is no connection');
  await say(element, pseudo('Thursday at 11:00 works for me.'), 'unreachable');
});

/** Where a question belongs. */
export const Guide = mirrored(async (element) => {
  await openThread(element, threads.lee);
  button(element, strings.guide).click();
  await until(() => has(element, '.cards li'), 'the guide is there');
});

/** Who can read it. */
export const Readers = mirrored(async (element) => {
  await openThread(element, threads.lee);
  button(element, strings.whoReads).click();
  await until(() => has(element, '.people li'), 'the two are there');
});

/** A provider looks for somebody among those she works with. */
export const Search = scene({
  server: () => {
    const clinic = aPractice();
    clinic.addContact({ ...ana, id: 'new', displayName: pseudo('Cassandra Lowe') });
    return clinic;
  },
  settings: { dir: 'rtl', locale: 'he', strings },
  play: async (element) => {
    await ready(element);
    await until(() => has(element, '#find'), 'one can look for somebody');
    write(find<HTMLInputElement>(element, '#find'), pseudo('c'));
    await until(() => has(find(element, 'grow-inbox-tools'), '.thread'), 'somebody is found');
  },
});

export const Compose = mirrored(async (element) => {
  await ready(element);
  element.compose();
  await until(() => has(element, 'select'), 'there is a choice');
});
