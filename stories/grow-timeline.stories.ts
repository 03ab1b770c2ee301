import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { anEntry } from '../test/support/message-builders.ts';
import { timeline } from '../widget/state/timeline.ts';
import type { GrowTimeline } from '../widget/view/grow-timeline.ts';
import { lee, linesWithLee, said } from './clinic.ts';
import { language, part } from './scene.ts';

export default { title: 'Elements/grow-timeline' } satisfies Meta;

const items = timeline(said(linesWithLee, lee), [anEntry({ text: 'Thursday at 11:00 works for me.' })], {
  selfId: 'ana',
  readWhenOpened: 6,
  theirReadSeq: 6,
  dayOf: (moment) => new Date(moment).toDateString(),
});

const rows = ({ older = 'none', newer = 'none' }: Partial<Pick<GrowTimeline, 'older' | 'newer'>> = {}) =>
  part({
    fills: true,
    render: () => html`
      <grow-timeline
        .items=${items}
        .older=${older}
        .newer=${newer}
        .name=${lee.displayName}
        .language=${language}
      ></grow-timeline>
    `,
  });

/** Days, what is new since the last visit, and one message that is on its way. */
export const Days = rows();

/** What came before, and what came after, could not be had. */
export const Incomplete = rows({ older: 'failed', newer: 'failed' });
