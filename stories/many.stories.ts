import type { Meta } from '@storybook/web-components-vite';
import type { Correspondent } from '../protocol/person.ts';
import { aMe, uuid } from '../test/support/message-builders.ts';
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
export const Threads = scene({
  server: () => {
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
        messages: said(
          [[1 + Math.floor(number / 8), time, 'them', lines[number % lines.length] ?? '']],
          other,
        ),
        unread: number % 3 === 0 ? 1 : 0,
      });
    }
    return server;
  },
  play: ready,
});
