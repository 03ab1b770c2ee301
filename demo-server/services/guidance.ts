import { type Guidance, guidanceSchema } from '../../protocol/me.ts';

/** What the clinic says around the messages, where it says nothing of its own. */
export const guidance: Guidance = {
  crisisLines: [
    { label: 'Emergency services', phone: '911', takesTexts: true },
    { label: '988 Suicide & Crisis Lifeline', phone: '988', takesTexts: true },
    { label: 'Crisis counselor', phone: '+18002738255', takesTexts: false },
  ],
  replyExpectation: replyWithin(3),
  replyBusinessDays: 3,
  supportAfterHours: 48,
  bookingsPhone: '(646) 687-9932',
  askProvider: [
    'Clinical concerns, therapy questions, and treatment planning',
    'Cancellations or changes within 24 hours of your appointment',
    'Questions about prescriptions, refills, or pharmacy changes',
    'Superbills, referrals, and clinical forms',
  ],
  askSupport: [
    'Account, billing, and insurance questions',
    'Cancellations more than 24 hours in advance',
    'Medical records requests',
    'Portal or technical issues',
    'Help rematching with a new provider',
  ],
};

/** Any part of it may be the clinic's own, and nothing else: a name that is not known is one misspelled. */
const partsSchema = guidanceSchema.partial().strict();

/** The guidance with the clinic's own parts in it. What is wrong with those is told in words, field by field. */
export function guidanceWith(parts: unknown, wrong: (problem: string) => void): Guidance {
  const { data, error } = partsSchema.safeParse(parts);
  for (const { path, message } of error?.issues ?? []) {
    wrong(path.length > 0 ? `${path.join('.')}: ${message}` : message);
  }
  const days = data?.replyBusinessDays;
  const expected = days === undefined ? undefined : { replyExpectation: replyWithin(days) };
  // What was left out is not there at all, so that nothing of ours is overwritten by nothing.
  return { ...guidance, ...expected, ...data } as Guidance;
}

function replyWithin(days: number): string {
  const within = days === 1 ? '1 business day' : `1–${days} business days`;
  return `Providers typically respond within ${within}.`;
}
