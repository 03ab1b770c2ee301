import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import type { Guidance } from '../protocol/me.ts';
import { has } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { load } from '../widget/view/load-later.ts';
import { language, part } from './scene.ts';

export default { title: 'Elements/grow-guide', loaders: [() => load('grow-guide')] } satisfies Meta;

const guide = (guidance: Partial<Guidance>) => () =>
  html`<grow-guide .guidance=${guidance} .language=${language}></grow-guide>`;

const article: Partial<Guidance> = {
  replyExpectation: 'Providers typically respond within 1–3 business days.',
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

/** As the help article has it. */
export const AsTheArticleHasIt = part({ fills: true, render: guide(article) });

/** With words of the clinic's own, and the little HTML that those may hold. */
export const OwnWords = part({
  fills: true,
  render: guide({
    ...article,
    askSupport: [
      '<b>Billing</b> and insurance: see <a href="https://clinic.example/billing">our answers</a>',
      'Medical records',
    ],
    replyExpectation:
      '<p>We answer <strong>within 2 business days</strong>, except:</p><ul><li>on public holidays,</li><li>while your provider is away: <a href="https://clinic.example/away">who is away</a></li></ul>',
    supportAfterHours: 72,
  }),
  play: (frame) => until(() => has(frame, '.support b'), 'it is shown as it was meant'),
});

/** A backend that sends no topics. */
export const NoTopics = part({ fills: true, render: guide({}) });
