import type { Meta } from '@storybook/web-components-vite';
import { button, wordsOf } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import type { GrowMessages } from '../widget/grow-messages.ts';
import { openThread, ready } from './acts.ts';
import { threads } from './clinic.ts';
import { scene } from './scene.ts';

export default { title: 'Hard days/Discreet' } satisfies Meta;

const settings = { discreet: true };

async function readyToHide(element: GrowMessages): Promise<void> {
  await ready(element);
  await until(() => wordsOf(element).includes('Hide now'), 'the button is there');
}

/** Nothing of what was said, and a title that tells little. */
export const Inbox = scene({ settings, play: readyToHide });

export const Thread = scene({
  settings,
  async play(element) {
    await openThread(element, threads.lee);
    await readyToHide(element);
  },
});

/** Out of sight, until the same person comes back. */
export const Hidden = scene({
  settings,
  async play(element) {
    await readyToHide(element);
    button(element, 'Hide now').click();
    await until(() => wordsOf(element).includes('Show messages'), 'everything is out of sight');
  },
});
