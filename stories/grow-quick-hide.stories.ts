import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { wordsOf } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { load } from '../widget/view/load-later.ts';
import { language, part } from './scene.ts';

export default { title: 'Elements/grow-quick-hide' } satisfies Meta;

/** A way to put everything out of sight, always in reach. */
export const InReach = part({
  render: () => html`
    <grow-quick-hide .discreet=${true} .idleMinutes=${10} .language=${language}></grow-quick-hide>
  `,
  async play(frame) {
    await load('grow-quick-hide');
    await until(() => wordsOf(frame).includes('Hide now'), 'the button is there');
  },
});
