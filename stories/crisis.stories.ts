import type { Meta } from '@storybook/web-components-vite';
import { has } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { openThread, type } from './acts.ts';
import { threads } from './clinic.ts';
import { scene } from './scene.ts';

export default { title: 'Hard days/Crisis' } satisfies Meta;

/** Somebody writes what one does not write on an ordinary day: the lines open, and nobody is kept from writing. */
export const Offered = scene({
  async play(element) {
    await openThread(element, threads.lee);
    type(element, 'I don’t want to live like this anymore.');
    await until(() => has(element, '[aria-expanded="true"]'), 'the crisis lines are open');
  },
});
