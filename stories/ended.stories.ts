import type { Meta } from '@storybook/web-components-vite';
import { openThread } from './acts.ts';
import { threads } from './clinic.ts';
import { scene } from './scene.ts';

export default { title: 'Hard days/Ended' } satisfies Meta;

/** The relationship is over: all can be read, nothing sent, and it says why. */
export const Thread = scene({ play: (element) => openThread(element, threads.haddad) });
