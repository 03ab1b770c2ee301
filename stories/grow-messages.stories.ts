import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { findAll } from '../test/support/shadow.ts';
import { openThread, ready } from './acts.ts';
import { aPractice, threads } from './clinic.ts';
import { scene } from './scene.ts';

export default { title: 'Elements/grow-messages' } satisfies Meta;

/** What a client finds when they come: who has written, and what is unread. */
export const Inbox = scene({ play: ready });

/** One thread open; beside the inbox, where there is room. */
export const Thread = scene({ play: (element) => openThread(element, threads.lee) });

/** The same element for a provider: the session says who reads. */
export const Provider = scene({
  server: aPractice,
  async play(element) {
    await openThread(element, threads.lee);
    const sides = new Set(findAll(element, 'grow-message').map((message) => message.matches('[own]')));
    if (sides.size < 2) throw new Error('Only one of the two has said something.');
  },
});

/** In a portal's narrow column it looks as it does on a phone, however wide the window is. */
export const InAColumn = scene({
  around: (element) => html`<div style="inline-size: 24rem; max-inline-size: 100%">${element}</div>`,
  play: (element) => openThread(element, threads.lee),
});
