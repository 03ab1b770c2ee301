import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { aMe, aThread } from '../test/support/message-builders.ts';
import { wordsOf } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { load } from '../widget/view/load-later.ts';
import { lee } from './clinic.ts';
import { at } from './clock.ts';
import { language, part } from './scene.ts';

export default { title: 'Elements/grow-reply-clock' } satisfies Meta;

const clock = (awaitingReplySince: string, words: string) => {
  const { guidance } = aMe();
  const thread = aThread({ awaitingReplySince, with: { ...lee, replyPolicy: '' } });
  return part({
    render: () => html`
      <grow-reply-clock .thread=${thread} .guidance=${guidance} .language=${language}></grow-reply-clock>
    `,
    async play(frame) {
      await load('grow-reply-clock');
      await until(() => wordsOf(frame).includes(words), words);
    },
  });
};

/** By when an answer usually comes, for a provider who has said nothing of it. */
export const Soon = clock(at(1, '16:20'), 'usually replies by');

/** No answer for 48 hours: who can help, and how. */
export const NoReply = clock(at(5, '16:20'), 'No reply since');
