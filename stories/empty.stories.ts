import type { Meta } from '@storybook/web-components-vite';
import { has } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { anEmptyClinic, lee } from './clinic.ts';
import { scene } from './scene.ts';

export default { title: 'Hard days/Empty' } satisfies Meta;

/** Nobody has written yet; there is somebody to write to. */
export const NoMessages = scene({
  server: () => {
    const server = anEmptyClinic();
    server.addContact(lee);
    return server;
  },
  play: (element) => until(() => has(element, '.hint')),
});

/** Nothing is booked yet, so there is nobody to write to. */
export const NobodyToWriteTo = scene({
  server: anEmptyClinic,
  async play(element, server) {
    await until(() => has(element, '.hint'));
    element.compose();
    await until(() => server.askedFor('listContacts').length > 0 && !server.unanswered);
  },
});
