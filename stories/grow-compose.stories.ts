import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { refusal } from '../test/support/fake-server.ts';
import { aProvider } from '../test/support/message-builders.ts';
import { find, has } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { load } from '../widget/view/load-later.ts';
import { aClinic, anEmptyClinic, lee } from './clinic.ts';
import { language, part } from './scene.ts';

export default { title: 'Elements/grow-compose', loaders: [() => load('grow-compose')] } satisfies Meta;

const compose =
  (personId = '') =>
  () => html` <grow-compose .personId=${personId} .language=${language}></grow-compose> `;

const isThere = (selector: string) => (frame: Element) => until(() => has(frame, selector), selector);

/** Only people one works with, or has worked with. */
export const NobodyChosen = part({
  server: aClinic,
  fills: true,
  render: compose(),
  play: isThere('select'),
});

/** Somebody one has never written to. */
export const FirstWords = part({
  server: () => {
    const server = anEmptyClinic();
    server.addContact(lee);
    return server;
  },
  fills: true,
  render: compose(lee.id),
  play: isThere('grow-composer'),
});

/** Somebody one has written to: it goes on where it was. */
export const GoingOn = part({
  server: aClinic,
  fills: true,
  render: compose(),
  play: async (frame) => {
    await isThere('select')(frame);
    const select = find<HTMLSelectElement>(frame, 'select');
    select.value = lee.id;
    select.dispatchEvent(new Event('change'));
    await isThere('grow-message')(frame);
  },
});

/** Among many, one looks by name. */
export const Many = part({
  server: () => {
    const server = anEmptyClinic();
    for (let number = 1; number <= 60; number++) {
      const person = aProvider({ id: `p${number}`, displayName: `Provider ${number}` });
      server.addContact(person, { status: number % 3 === 0 ? 'former' : 'current' });
    }
    return server;
  },
  fills: true,
  render: compose(),
  play: async (frame) => {
    await isThere('[role="combobox"]')(frame);
    find(frame, '[role="combobox"]').click();
    await isThere('[role="option"]')(frame);
  },
});

export const NobodyToWriteTo = part({
  server: anEmptyClinic,
  fills: true,
  render: compose(),
  play: isThere('details'),
});

/** Somebody one has never booked with, or nobody of that id. */
export const NeverBooked = part({
  server: aClinic,
  fills: true,
  render: compose('dr-somebody'),
  play: isThere('details'),
});

export const Failed = part({
  server: () => {
    const server = aClinic();
    server.always('listContacts', refusal('internal'));
    return server;
  },
  fills: true,
  render: compose(),
  play: isThere('[role="alert"]'),
});
