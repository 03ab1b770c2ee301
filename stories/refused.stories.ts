import type { Meta } from '@storybook/web-components-vite';
import { refusal } from '../test/support/fake-server.ts';
import { has } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { openThread, say } from './acts.ts';
import { aClinic, threads } from './clinic.ts';
import { scene } from './scene.ts';

export default { title: 'Hard days/Refused' } satisfies Meta;

/** Why, and what one can do about it. The words are never lost. */
export const Message = scene({
  async play(element, server) {
    await openThread(element, threads.lee);
    server.next('sendMessage', refusal('too-large'));
    await say(element, 'Thursday at 11:00 works for me.', 'refused');
  },
});

/** The relationship ended while one was writing. */
export const EndedMeanwhile = scene({
  async play(element, server) {
    await openThread(element, threads.lee);
    server.next('sendMessage', (_, proceed) => {
      server.relate('ended', threads.lee);
      return proceed();
    });
    await say(element, 'Thursday at 11:00 works for me.', 'refused');
    await until(() => !has(element, 'textarea'), 'there is nothing to write in any more');
  },
});

/** The server will not have this person. */
export const Person = scene({
  server: () => {
    const server = aClinic();
    server.always('readMe', refusal('forbidden'));
    return server;
  },
  play: (element) => until(() => has(element, '.gate[role="alert"]'), 'it says so'),
});
