import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { refusal } from '../test/support/fake-server.ts';
import { uuid } from '../test/support/message-builders.ts';
import { has } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import type { MessagingClient } from '../widget/state/messaging-client.ts';
import { type } from './acts.ts';
import { aClinic, threads } from './clinic.ts';
import { language, part } from './scene.ts';

export default { title: 'Elements/grow-thread' } satisfies Meta;

const thread = (id: string) => (client: MessagingClient | undefined) => html`
  <grow-thread alone .client=${client} .threadId=${id} .language=${language}></grow-thread>
`;

const isOpen = (frame: Element) => until(() => has(frame, 'grow-message'), 'the thread is there');
const isTold = (frame: Element) => until(() => has(frame, '[role="alert"]'), 'it says what is wrong');

/** What was said, and an answer that is being written. */
export const Open = part({
  server: aClinic,
  fills: true,
  render: thread(threads.lee),
  async play(frame) {
    await isOpen(frame);
    type(frame, 'Thursday at 11:00 works for me.');
  },
});

/** Something new: the line is where one stopped reading. */
export const Unread = part({
  server: () => {
    const server = aClinic();
    server.say('The form can wait until Monday.', threads.lee);
    server.say('And thank you for telling me.', threads.lee);
    return server;
  },
  fills: true,
  render: thread(threads.lee),
  play: isOpen,
});

/** It is nobody’s, or somebody else’s; nobody is told which. */
export const Missing = part({ server: aClinic, fills: true, render: thread(uuid(99, 'c')), play: isTold });

/** The server is ill. */
export const Failed = part({
  server: () => {
    const server = aClinic();
    server.always('listMessages', refusal('internal'));
    return server;
  },
  fills: true,
  render: thread(threads.lee),
  play: isTold,
});
