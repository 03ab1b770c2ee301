import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import type { Thread } from '../protocol/thread.ts';
import { aClinic, threads } from './clinic.ts';
import { language, part } from './scene.ts';

export default { title: 'Elements/grow-inbox' } satisfies Meta;

const inbox = (rows: readonly Thread[] | undefined) => html`
  <grow-inbox .threads=${rows} .selfId=${'ana'} .current=${threads.lee} .language=${language}>
    <p slot="empty" style="padding: 1rem">Nobody has written yet.</p>
  </grow-inbox>
`;

/** One thread is open, one has something unread. */
export const Threads = part({
  fills: true,
  render: () =>
    inbox([threads.novak, threads.lee, threads.okafor, threads.haddad].map((id) => aClinic().thread(id))),
});

/** There is no list yet. */
export const Loading = part({ fills: true, render: () => inbox(undefined) });

/** There is a list, and nobody is in it: whoever put it there says what that means. */
export const Empty = part({ fills: true, render: () => inbox([]) });
