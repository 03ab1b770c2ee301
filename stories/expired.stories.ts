import type { Meta } from '@storybook/web-components-vite';
import { has } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { openThread, type } from './acts.ts';
import { threads } from './clinic.ts';
import { scene } from './scene.ts';

export default { title: 'Hard days/Expired' } satisfies Meta;

/** The session ended while one was writing: nothing stays on screen, and what was written is kept. */
export const SignInAgain = scene({
  async play(element, server) {
    await openThread(element, threads.lee);
    type(element, 'Thursday at');
    server.signOut();
    await until(() => has(element, '.gate[role="alert"]'), 'it asks to sign in again');
  },
});
