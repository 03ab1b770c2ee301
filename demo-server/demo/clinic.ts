import { createHash } from 'node:crypto';
import type { Person } from '../../protocol/person.ts';
import type { Directory } from '../services/directory.ts';
import type { Messaging } from '../services/messaging.ts';
import { Refusal } from '../services/refusal.ts';
import type { Session } from '../services/sessions.ts';

/** The services, by a clock of one's own: what was said last week is said again as of then. */
export type ServicesAt = (now: () => number) => {
  readonly directory: Directory;
  readonly messaging: Messaging;
};

const here = { locale: 'en-US', timeZone: 'America/New_York', notifications: 'all' } as const;
const provider = { ...here, role: 'provider' } as const;
const client = { ...here, role: 'client' } as const;

export const people: readonly Person[] = [
  { ...client, id: 'ana', displayName: 'Ana Reyes', email: 'ana@clinic.example' },
  { ...client, id: 'ben', displayName: 'Ben Carter', email: 'ben@clinic.example' },
  { ...client, id: 'eli', displayName: 'Eli Brooks', email: 'eli@clinic.example' },
  // Has not booked with anybody yet.
  { ...client, id: 'cal', displayName: 'Cal Whitfield', email: 'cal@clinic.example' },
  {
    ...provider,
    id: 'dr-lee',
    displayName: 'Dr. Maya Lee',
    email: 'lee@clinic.example',
    credentials: 'PhD, Licensed Psychologist',
    replyPolicy: 'within 2 business days',
  },
  {
    ...provider,
    id: 'dr-okafor',
    displayName: 'Dr. Chidi Okafor',
    email: 'okafor@clinic.example',
    credentials: 'LMFT',
    replyPolicy: 'within 1 business day',
  },
  {
    ...provider,
    id: 'dr-haddad',
    displayName: 'Dr. Leila Haddad',
    email: 'haddad@clinic.example',
    credentials: 'LCSW',
    replyPolicy: 'within 3 business days',
  },
  {
    ...provider,
    id: 'dr-ortiz',
    displayName: 'Dr. Samuel Ortiz',
    email: 'ortiz@clinic.example',
    credentials: 'MD, Psychiatrist',
  },
  {
    ...provider,
    id: 'dr-novak',
    displayName: 'Dr. Petra Novak',
    email: 'novak@clinic.example',
    credentials: 'PMHNP-BC',
    replyPolicy: 'within 3 business days',
  },
];

type Line = { readonly daysAgo: number; readonly time: string; readonly from: string; readonly text: string };

type Conversation = {
  readonly clientId: string;
  readonly providerId: string;
  readonly status: 'current' | 'former' | 'ended';
  /** The first line, if it is the provider's welcome. */
  readonly welcome?: Line;
  readonly lines: readonly Line[];
  /** How many of the newest lines the other side has not seen. */
  readonly unread: number;
};

const conversations: readonly Conversation[] = [
  {
    clientId: 'ben',
    providerId: 'dr-haddad',
    status: 'former',
    lines: [
      {
        daysAgo: 64,
        time: '18:02',
        from: 'dr-haddad',
        text: 'Ben, good luck with the new job. If you want to pick this up again one day, write to me here.',
      },
      { daysAgo: 63, time: '13:40', from: 'ben', text: 'I will. Thank you, Dr. Haddad.' },
    ],
    unread: 0,
  },
  {
    clientId: 'ana',
    providerId: 'dr-haddad',
    status: 'ended',
    lines: [
      {
        daysAgo: 41,
        time: '15:10',
        from: 'dr-haddad',
        text: 'Hi Ana, as we agreed, I am attaching nothing new this week. Just keep the evening check-in going, two lines are plenty.',
      },
      {
        daysAgo: 40,
        time: '20:32',
        from: 'ana',
        text: 'Will do. Thank you for everything these past months.',
      },
      {
        daysAgo: 38,
        time: '13:05',
        from: 'dr-haddad',
        text: 'It was a pleasure working with you. Your summary is in the portal under Documents, and Dr. Lee has it too. I wish you all the best.',
      },
    ],
    unread: 0,
  },
  { clientId: 'ana', providerId: 'dr-okafor', status: 'former', lines: [], unread: 0 },
  { clientId: 'ben', providerId: 'dr-okafor', status: 'current', lines: [], unread: 0 },
  {
    clientId: 'eli',
    providerId: 'dr-okafor',
    status: 'current',
    welcome: {
      daysAgo: 1,
      time: '15:20',
      from: 'dr-okafor',
      text: 'Welcome, Eli. Your intake is booked, and I look forward to meeting you. The two forms under Documents take about ten minutes. If anything in them is unclear, ask me here.',
    },
    lines: [],
    unread: 1,
  },
  {
    // Waits for an answer, by any clock and on any day of the week for more than 48 hours.
    clientId: 'ana',
    providerId: 'dr-ortiz',
    status: 'current',
    lines: [
      {
        daysAgo: 12,
        time: '15:30',
        from: 'dr-ortiz',
        text: 'Hi Ana, the prescription is at your pharmacy. Take it with breakfast, and tell me here how the first week goes.',
      },
      {
        daysAgo: 5,
        time: '13:20',
        from: 'ana',
        text: 'The first week went well, a little tired in the mornings, that is all.',
      },
      {
        daysAgo: 5,
        time: '17:05',
        from: 'dr-ortiz',
        text: 'Good to hear. The tiredness should pass within another week. Let me know if it does not.',
      },
      {
        daysAgo: 3,
        time: '19:12',
        from: 'ana',
        text: 'The pharmacy says that my refill needs your approval, and I have four tablets left. Could you have a look?',
      },
    ],
    unread: 1,
  },
  {
    clientId: 'ben',
    providerId: 'dr-lee',
    status: 'current',
    lines: [
      {
        daysAgo: 5,
        time: '14:20',
        from: 'ben',
        text: 'Hello Dr. Lee, could you send me a superbill for October? My insurance asks for it.',
      },
      {
        daysAgo: 4,
        time: '16:45',
        from: 'dr-lee',
        text: 'Of course, Ben. You will find it under Documents by tomorrow.',
      },
      { daysAgo: 1, time: '13:12', from: 'ben', text: 'Got it, thanks so much!' },
    ],
    unread: 1,
  },
  {
    clientId: 'ana',
    providerId: 'dr-lee',
    status: 'current',
    welcome: {
      daysAgo: 9,
      time: '14:00',
      from: 'dr-lee',
      text: 'Welcome, Ana! I am glad you booked an intake with me. If anything comes up before we meet, appointment questions, paperwork, something you would like me to know, write to me here. I usually answer within two business days.',
    },
    lines: [
      {
        daysAgo: 8,
        time: '18:24',
        from: 'ana',
        text: 'Thank you, Dr. Lee. I am a little nervous about the first session. Is there anything I should prepare?',
      },
      {
        daysAgo: 7,
        time: '15:02',
        from: 'dr-lee',
        text: 'That is very common, and there is nothing you have to get right. If you like, jot down two or three things you hope will feel different a few months from now. We will start there.',
      },
      { daysAgo: 7, time: '22:40', from: 'ana', text: 'That helps. See you Thursday at 10.' },
      {
        daysAgo: 3,
        time: '17:15',
        from: 'dr-lee',
        text: 'It was good to meet you today. As promised, here is what we agreed on for your care plan:\n\n• the breathing exercise once a day, whenever it fits\n• the sleep worksheet, three nights this week\n• our next session on Thursday at 10:00',
      },
      {
        daysAgo: 2,
        time: '19:48',
        from: 'ana',
        text: 'I tried the breathing exercise twice. The evening one worked better than the morning one.',
      },
      {
        daysAgo: 1,
        time: '14:31',
        from: 'dr-lee',
        text: 'Lovely, then let us keep it in the evening. No need to do both.',
      },
      {
        daysAgo: 1,
        time: '14:33',
        from: 'dr-lee',
        text: 'One more thing: could we move next Thursday to 11:00? If 10:00 is better for you, we leave it as it is.',
      },
    ],
    unread: 2,
  },
];

/**
 * Fills an empty clinic with people, how they stand to each other, and what they have said so far. Where an
 * earlier start was cut off in the middle, it goes on: what is there already is done again and adds nothing.
 */
export async function fillClinic(servicesAt: ServicesAt, now: number): Promise<void> {
  let at = now;
  const { directory, messaging } = servicesAt(() => at);
  const put = ({ id, ...person }: Person) => directory.putPerson(id, person);
  // Somebody whom nobody writes with comes after all else: once she is there, so is everything.
  const lastToCome = people.at(-1)!;
  if (await isThere(messaging, sessionOf(lastToCome.id, now))) return;
  for (const person of people.slice(0, -1)) await put(person);

  for (const { clientId, providerId, status, welcome, lines, unread } of conversations) {
    if (welcome !== undefined) at = momentOf(welcome, now);
    await directory.putRelationship(
      { clientId, providerId },
      { status: 'current', ...(welcome && { welcome: welcome.text }) },
    );
    const all = welcome === undefined ? lines : [welcome, ...lines];
    const [first] = all;
    if (first === undefined) {
      await directory.putRelationship({ clientId, providerId }, { status });
      continue;
    }
    at = momentOf(first, now);
    const { thread } = await messaging.open(
      sessionOf(first.from, at),
      otherOf(first.from, clientId, providerId),
    );
    for (const [index, line] of lines.entries()) {
      at = momentOf(line, now);
      const draft = { text: line.text, attachments: [] };
      await messaging.send(sessionOf(line.from, at), thread.id, idOf(thread.id, index), draft);
    }
    // Whoever wrote last has read all; the other has read up to what is still unread.
    const writer = all.at(-1)!.from;
    await messaging.markRead(sessionOf(writer, at), thread.id, all.length);
    await messaging.markRead(
      sessionOf(otherOf(writer, clientId, providerId), at),
      thread.id,
      all.length - unread,
    );
    at = now;
    if (status !== 'current') await directory.putRelationship({ clientId, providerId }, { status });
  }
  await put(lastToCome);
}

async function isThere(messaging: Messaging, session: Session): Promise<boolean> {
  try {
    await messaging.me(session);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** The same name whenever the same line is said again: a UUID that anybody may make up by their own rule. */
function idOf(threadId: string, line: number): string {
  const hex = createHash('sha256').update(`${threadId} ${line}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function momentOf({ daysAgo, time }: Line, now: number): number {
  const [hours, minutes] = time.split(':').map(Number);
  const day = new Date(now);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() - daysAgo, hours, minutes);
}

function sessionOf(personId: string, at: number): Session {
  return { personId, issuedAt: at, expiresAt: at + 60_000 };
}

function otherOf(personId: string, clientId: string, providerId: string): string {
  return personId === clientId ? providerId : clientId;
}
