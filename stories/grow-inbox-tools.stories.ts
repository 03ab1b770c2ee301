import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { aMe } from '../test/support/message-builders.ts';
import { has } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { load } from '../widget/view/load-later.ts';
import { aClinic, lee } from './clinic.ts';
import { language, part } from './scene.ts';

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
