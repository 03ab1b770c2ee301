import type { Meta } from '@storybook/web-components-vite';
import { has, wordsOf } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { openThread, ready, type } from './acts.ts';
import { scene } from './scene.ts';

export default { title: 'Elements/grow-sign-out' } satisfies Meta;

/** Words that were begun would be lost: the person is asked first. */
export const Asking = scene({
  async play(element, server) {
    await openThread(element, server.threads[0]!.id);
    type(element, 'About Thursday');
    void element.signOut().catch(() => undefined);
    await until(() => has(document.body, 'grow-sign-out'), 'the question is there');
  },
});

/** Nothing is left of them. */
export const SignedOut = scene({
  async play(element) {
    await ready(element);
    await element.signOut();
    await until(() => wordsOf(element).includes('signed out'), 'it says so');
  },
});
