import type { Meta } from '@storybook/web-components-vite';
import type { Route } from '../test/support/fake-server.ts';
import { find, has } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { openThread, ready, say } from './acts.ts';
import { aClinic, threads } from './clinic.ts';
import { scene } from './scene.ts';

export default { title: 'Hard days/Slow' } satisfies Meta;

const slowTo = (route: Route) => () => {
  const server = aClinic();
  server.hold(route, 'request');
  return server;
};

/** Nothing has come yet. The crisis lines need nothing to come. */
export const Arriving = scene({
  server: slowTo('readMe'),
  play: (_, server) => until(() => server.askedFor('readMe').length > 0 && !server.unanswered),
});

/** The inbox is there, the thread is on its way. */
export const Opening = scene({
  server: slowTo('listMessages'),
  async play(element, server) {
    await ready(element);
    find(element, `.thread[data-id="${threads.lee}"]`).click();
    await until(() => server.askedFor('listMessages').length > 0 && has(element, 'grow-thread'));
  },
});

/** A message is on screen the moment it is written. */
export const Sending = scene({
  server: slowTo('sendMessage'),
  async play(element) {
    await openThread(element, threads.lee);
    await say(element, 'Thursday at 11:00 works for me.', 'waiting');
  },
});
