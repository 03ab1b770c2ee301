import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { aMessage, anEntry } from '../test/support/message-builders.ts';
import type { Shown } from '../widget/view/grow-message.ts';
import { at } from './clock.ts';
import { language, part } from './scene.ts';

export default { title: 'Elements/grow-message' } satisfies Meta;

const message = (author: string, item: Shown) =>
  part({
    render: () => html`
      <div style="padding: 1rem">
        <grow-message .item=${item} .author=${author} .language=${language}></grow-message>
      </div>
    `,
  });

type More = Partial<Extract<Shown, { kind: 'message' }>> & { readonly isOwn: boolean };

const sent = (text: string, more: More): Shown => ({
  kind: 'message',
  key: 'a',
  message: aMessage({ text, sentAt: at(1, '9:31') }),
  isSeen: false,
  isJoined: false,
  ...more,
});

const echo = (text: string, entry: Parameters<typeof anEntry>[0]): Shown => ({
  kind: 'echo',
  key: 'a',
  entry: anEntry({ text, ...entry }),
  isHeldUp: false,
});

const received = (text: string) => message('Dr. Maya Lee', sent(text, { isOwn: false }));

export const Received = received('Of course. The weekend tells us something the weekdays don’t.');

/** Text is text; what looks like a link is one. */
export const WithALink = received(
  'The worksheet is at https://worksheets.example/sleep-diary?week=2, <b>page 3</b>.\nWrite to me if it doesn’t open.',
);

export const Delivered = message('You', sent('Thursday at 11:00 works for me.', { isOwn: true }));

export const Seen = message('You', sent('Thursday at 11:00 works for me.', { isOwn: true, isSeen: true }));

/** Nobody was looking, so there was an email. */
export const Emailed = message(
  'You',
  sent('Thursday at 11:00 works for me.', {
    isOwn: true,
    notification: { state: 'emailed', at: at(1, '9:32') },
  }),
);

/** It was read in time. */
export const ReadInTime = message(
  'You',
  sent('Thursday at 11:00 works for me.', {
    isOwn: true,
    isSeen: true,
    notification: { state: 'read', at: at(1, '9:33') },
  }),
);

/** No mail server would take it. */
export const NotEmailed = message(
  'You',
  sent('Thursday at 11:00 works for me.', {
    isOwn: true,
    notification: { state: 'failed', at: at(1, '9:33') },
  }),
);

export const Sending = message('You', echo('I will bring the form with me.', { state: 'waiting' }));

/** Nobody answered: it goes out by itself, or when one asks for it. */
export const Unreachable = message('You', echo('I will bring the form with me.', { state: 'unreachable' }));

/** The server said no, and why. */
export const Refused = message(
  'You',
  echo('I will bring the form with me.', { state: 'refused', code: 'invalid' }),
);

/** What stands behind one that is stuck is not being sent. */
export const HeldUp = message('You', {
  ...echo('And the sleep diary.', { state: 'waiting' }),
  isHeldUp: true,
} as Shown);
