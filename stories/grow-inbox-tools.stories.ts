import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { aMe } from '../test/support/message-builders.ts';
import { find, has, wordsOf, write } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import type { GrowMessages } from '../widget/grow-messages.ts';
import { load } from '../widget/view/load-later.ts';
import { ready } from './acts.ts';
import { aClinic, aPractice, lee } from './clinic.ts';
import { language, part, scene } from './scene.ts';

export default { title: 'Elements/grow-inbox-tools' } satisfies Meta;

/** What a provider has above the list. */
export const Alone = part({
  server: () => {
    const server = aClinic();
    server.me = aMe({ ...lee, email: 'lee@clinic.example' });
    return server;
  },
  render: () => html`<grow-inbox-tools .language=${language}></grow-inbox-tools>`,
  async play(frame) {
    await load('grow-inbox-tools');
    await until(() => has(frame, '#find'), 'one can look for a name');
  },
});

/** Two of them have a thread, one has not been written to yet. */
export const Found = scene({
  server: () => {
    const server = aPractice();
    server.addContact({ ...server.thread().with, id: 'cass', displayName: 'Cassandra Lowe' });
    return server;
  },
  play: (element) => look(element, 'c'),
});

export const NobodyFound = scene({ server: aPractice, play: (element) => look(element, 'xyz') });

/** Types a name, and waits for what is found. */
async function look(element: GrowMessages, words: string): Promise<void> {
  await ready(element);
  await until(() => has(element, '#find'), 'one can look for a name');
  const tools = find(element, 'grow-inbox-tools');
  write(find<HTMLInputElement>(tools, '#find'), words);
  await until(() => wordsOf(find(tools, '[role=status]')).includes('client'), 'it was looked for');
}
