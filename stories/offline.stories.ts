import type { Meta } from '@storybook/web-components-vite';
import type { FakeServer } from '../test/support/fake-server.ts';
import { has } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import type { GrowMessages } from '../widget/grow-messages.ts';
import { openThread, say } from './acts.ts';
import { aClinic, threads } from './clinic.ts';
import { scene } from './scene.ts';

export default { title: 'Hard days/Offline' } satisfies Meta;

async function lose(element: GrowMessages, server: FakeServer): Promise<void> {
  server.setOffline(true);
  await until(() => has(element, '.notices p'), 'it says that there is no connection');
}

/** What was read stays readable. */
export const WhileReading = scene({
  async play(element, server) {
    await openThread(element, threads.lee);
    await lose(element, server);
  },
});

/** What is written is kept, says that it waits, and goes out when the connection is back. */
export const WhileWriting = scene({
  async play(element, server) {
    await openThread(element, threads.lee);
    await lose(element, server);
    await say(element, 'Thursday at 11:00 works for me.', 'unreachable');
  },
});

/** There never was a connection, and this device remembers nothing. */
export const FromTheStart = scene({
  server: () => {
    const server = aClinic();
    server.setOffline(true);
    return server;
  },
  play: (element) => until(() => has(element, '.gate[role="alert"]'), 'it says so'),
});
