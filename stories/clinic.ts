import type { Message } from '../protocol/message.ts';
import type { Correspondent } from '../protocol/person.ts';
import { FakeServer } from '../test/support/fake-server.ts';
import { aMe, aMessage, aProvider, uuid } from '../test/support/message-builders.ts';
import { at, now } from './clock.ts';

/** Something that was said in a thread, by the one who reads or by the other. */
export type Line = readonly [daysAgo: number, time: string, from: 'me' | 'them', text: string];

export const lee = aProvider({
  id: 'dr-lee',
  displayName: 'Dr. Maya Lee',
  credentials: 'PhD',
  replyPolicy: 'within 2 business days',
});
export const okafor = aProvider({
  id: 'dr-okafor',
  displayName: 'Dr. Chidi Okafor',
  credentials: 'LMFT',
  replyPolicy: 'within 1 business day',
});
export const haddad = aProvider({
  id: 'dr-haddad',
  displayName: 'Dr. Leila Haddad',
  credentials: 'LCSW',
  replyPolicy: 'within 3 business days',
});
export const novak = aProvider({
  id: 'dr-novak',
  displayName: 'Dr. Petra Novak',
  credentials: 'PMHNP-BC',
  replyPolicy: 'within 3 business days',
});

export const ana = aClient('ana', 'Ana Reyes');
export const ben = aClient('ben', 'Ben Carter');
export const carla = aClient('carla', 'Carla Nunes');

/** The threads, by whom they are with. */
export const threads = {
  lee: uuid(1, 'c'),
  okafor: uuid(2, 'c'),
  haddad: uuid(3, 'c'),
  novak: uuid(4, 'c'),
} as const;

export const linesWithLee: readonly Line[] = [
  [
    9,
    '9:00',
    'them',
    'Welcome, Ana! I am glad you booked an intake with me. If anything comes up before we meet, appointment questions, paperwork, something you would like me to know, write to me here.',
  ],
  [8, '13:24', 'me', 'Thank you, Dr. Lee. Is there anything I should prepare for the first session?'],
  [
    7,
    '10:02',
    'them',
    'There is nothing you have to get right. If you like, jot down two or three things you hope will feel different a few months from now. We will start there.',
  ],
  [7, '17:40', 'me', 'That helps. See you Thursday at 10.'],
  [
    3,
    '12:15',
    'them',
    'It was good to meet you. As promised, here is what we agreed on:\n\n• the breathing exercise once a day, whenever it fits\n• the sleep diary, three nights this week\n• our next session on Thursday at 10:00',
  ],
  [
    2,
    '14:48',
    'me',
    'I filled in the sleep diary for two nights so far. Is it fine to do the third one on the weekend?',
  ],
  [1, '9:31', 'them', 'Of course. The weekend tells us something the weekdays don’t.'],
  [
    1,
    '9:33',
    'them',
    'One more thing: could we move this Thursday to 11:00? If 10:00 is better for you, we leave it as it is.',
  ],
];

const linesWithOkafor: readonly Line[] = [
  [
    23,
    '16:20',
    'me',
    'Hello Dr. Okafor, could you send me a superbill for January? My insurance asks for it.',
  ],
  [22, '11:05', 'them', 'Of course, Ana. You will find it under Documents by tomorrow.'],
  [21, '8:12', 'me', 'Got it, thank you!'],
];

const linesWithHaddad: readonly Line[] = [
  [64, '15:10', 'them', 'Your summary is in the portal under Documents, and Dr. Lee has it too.'],
  [63, '18:32', 'me', 'Thank you for everything these past months.'],
  [63, '18:50', 'them', 'It was a pleasure working with you. I wish you all the best.'],
];

const linesWithNovak: readonly Line[] = [
  [
    0,
    '9:40',
    'them',
    'Welcome! Before we meet, please fill in the intake form under Documents. It takes about ten minutes.',
  ],
];

/** The messages of a thread, as they were said. */
export function said(lines: readonly Line[], other: Correspondent): Message[] {
  return lines.map(([daysAgo, time, from, text], index) =>
    aMessage({
      id: uuid(index + 1),
      seq: index + 1,
      senderId: from === 'me' ? 'ana' : other.id,
      text,
      sentAt: at(daysAgo, time),
    }),
  );
}

/** A clinic where nothing has been said yet, and nobody is there to say it to. */
export function anEmptyClinic(): FakeServer {
  return new FakeServer(now() - 3 * 60_000);
}

/** What Ana sees: someone who waits for an answer, someone she is done with, someone who has just written. */
export function aClinic(): FakeServer {
  const server = anEmptyClinic();
  const add = (other: Correspondent, id: string, lines: readonly Line[]) => ({
    other,
    id,
    messages: said(lines, other),
  });
  server.addThread({ ...add(lee, threads.lee, linesWithLee) });
  server.addThread({ ...add(okafor, threads.okafor, linesWithOkafor), status: 'former' });
  server.addThread({ ...add(haddad, threads.haddad, linesWithHaddad), status: 'ended' });
  server.addThread({ ...add(novak, threads.novak, linesWithNovak), unread: 1 });
  for (const id of [threads.lee, threads.okafor, threads.haddad]) server.readByOther(id);
  return server;
}

/** What Dr. Lee sees: those who write to her. */
export function aPractice(): FakeServer {
  const server = anEmptyClinic();
  server.me = aMe({ ...lee, email: 'lee@clinic.example' });
  const mine = linesWithLee.map(([daysAgo, time, from, text]): Line => [
    daysAgo,
    time,
    from === 'me' ? 'them' : 'me',
    text,
  ]);
  // The fake clinic takes whatever ‘ana’ said for the reader’s own: what Ana says here bears another name on its way there.
  server.addThread({ id: threads.lee, other: ana, messages: said(mine, lee) });
  server.addThread({
    id: threads.okafor,
    other: ben,
    messages: said(
      [
        [1, '14:20', 'them', 'Is the form about my sleep the one with the two pages?'],
        [1, '15:02', 'me', 'Yes, the one with the table on its second page.'],
        [0, '8:51', 'them', 'Done, it is under Documents now. See you on Friday!'],
      ],
      ben,
    ),
    unread: 1,
  });
  server.addThread({
    id: threads.novak,
    other: carla,
    messages: said([[12, '10:30', 'them', 'Thank you, I will be there at 3.']], carla),
  });
  server.readByOther(threads.lee);
  return server;
}

function aClient(id: string, displayName: string): Correspondent {
  return { id, role: 'client', displayName, locale: 'en-US', timeZone: 'America/New_York' };
}
