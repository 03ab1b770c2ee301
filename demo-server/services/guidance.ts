import type { Guidance } from '../../protocol/me.ts';

/** What the clinic says around the messages. */
export const guidance: Guidance = {
  crisisLines: [
    { label: 'Emergency services', phone: '911', takesTexts: true },
    { label: '988 Suicide & Crisis Lifeline', phone: '988', takesTexts: true },
    { label: 'Crisis counselor', phone: '+18002738255', takesTexts: false },
  ],
  replyExpectation: 'Providers typically respond within 1–3 business days.',
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
