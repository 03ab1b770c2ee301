import type { Meta } from '@storybook/web-components-vite';
import type { Correspondent } from '../protocol/person.ts';
import type { FakeServer } from '../test/support/fake-server.ts';
import { aMe, uuid } from '../test/support/message-builders.ts';
import { find, findAll, has, wordsOf, write } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import type { GrowMessages } from '../widget/grow-messages.ts';
import { ready } from './acts.ts';
import { ana, anEmptyClinic, lee, said } from './clinic.ts';
import { scene } from './scene.ts';

export default { title: 'Hard days/Many' } satisfies Meta;

const first = ['Ana', 'Ben', 'Carla', 'Dmitri', 'Esther', 'Farid', 'Grace', 'Hiro', 'Inés', 'Jonas', 'Kemi'];
const last = ['Reyes', 'Carter', 'Nunes', 'Ivanov', 'Katz', 'Aziz', 'Lindqvist', 'Tanaka', 'Øster', 'Achebe'];
const lines = [
  'Thank you, I will be there at 3.',
  'Could we move Friday to the afternoon?',
  'The form is under Documents now.',
  'The walk in the evening helps.',
  'Is there a waiting list for the group on Mondays?',
];

const idOf = (number: number) => uuid(number, 'd');

/** A provider’s day: more threads than anybody reads through, and some of them unread. */
export const Threads = scene({ server: aProvidersDay, play: withTools });

/** Whoever has this name, wherever they stand in the list. */
export const FoundByName = scene({
  server: aProvidersDay,
  async play(element) {
    await withTools(element);
    write(find<HTMLInputElement>(element, '#find'), 'reyes');
    await until(() => wordsOf(find(element, 'grow-inbox-tools')).includes('Ana Reyes'), 'they are found');
  },
});

/** Who waits for an answer. */
export const Waiting = scene({
  server: aProvidersDay,
  async play(element) {
    await withTools(element);
    findAll<HTMLInputElement>(element, 'input[type=radio]').at(-1)?.click();
    await until(() => wordsOf(find(element, 'grow-inbox-tools')).includes('conversation'), 'they are found');
  },
});

async function withTools(element: GrowMessages): Promise<void> {
  await ready(element);
  await until(() => has(element, '#find'), 'one can look for a name');
}

function aProvidersDay(): FakeServer {
  const server = anEmptyClinic();
  server.me = aMe({ ...lee, email: 'lee@clinic.example' });
  for (let number = 0; number < 110; number++) {
    const other: Correspondent = {
      ...ana,
      id: `client-${number}`,
      displayName: `${first[number % first.length]} ${last[number % last.length]}`,
    };
    const time = `${16 - (number % 8)}:${10 + ((number * 7) % 50)}`;
    server.addThread({
      id: idOf(number),
      other,
      messages: said([[1 + Math.floor(number / 8), time, 'them', lines[number % lines.length] ?? '']], other),
      unread: number % 3 === 0 ? 1 : 0,
    });
  }
  return server;
}
