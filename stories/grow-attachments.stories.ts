import type { Meta } from '@storybook/web-components-vite';
import type { FakeServer } from '../test/support/fake-server.ts';
import { find, has } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import type { GrowMessages } from '../widget/grow-messages.ts';
import { scene } from './scene.ts';

export default { title: 'Elements/grow-attachments' } satisfies Meta;

/** Opens the first thread and chooses these files. */
async function attach(element: GrowMessages, server: FakeServer, ...files: readonly File[]): Promise<void> {
  await until(() => has(element, '.thread'));
  element.openThread(server.threads[0]!.id);
  await until(() => has(element, 'input[type=file]'));
  const picker = find<HTMLInputElement>(element, 'input[type=file]');
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  picker.files = data.files;
  picker.dispatchEvent(new Event('change'));
}

const rowsSay = (element: GrowMessages, words: string) =>
  until(() => has(element, 'grow-attachments') && textIn(element).includes(words));

function textIn(element: GrowMessages): string {
  return find(element, 'grow-attachments').shadowRoot?.textContent ?? '';
}

const aFile = (name: string, size = 2_400_000) => new File([new Uint8Array(size)], name);

/** Two of three parts are there; the rest is on its way. */
export const OnItsWay = scene({
  play: async (element, server) => {
    const goOn = server.hold('sendPart', 'request');
    server.hold('sendPart', 'request');
    await attach(element, server, aFile('Intake form.pdf'));
    await until(() => server.askedFor('sendPart').length > 0);
    goOn();
    await rowsSay(element, 'Uploading');
  },
});

export const Uploaded = scene({
  play: async (element, server) => {
    await attach(
      element,
      server,
      aFile('Intake form.pdf', 90_000),
      aFile('Sleep diary, weeks 1 to 4.csv', 3_000),
    );
    await rowsSay(element, 'Uploaded');
  },
});

/** By the server, once it had looked at it, and by us at once. */
export const Refused = scene({
  play: async (element, server) => {
    server.files.objection = () => ['unsafe-file', 'It is a program that is dressed as a PDF.'];
    await attach(
      element,
      server,
      aFile('Worksheet.pdf', 900),
      aFile('setup.exe', 900),
      aFile('empty.csv', 0),
    );
    await rowsSay(element, 'It is a program');
  },
});

/** It goes on by itself, or when somebody asks for it. */
export const Offline = scene({
  play: async (element, server) => {
    server.always('sendPart', () => {
      throw new TypeError('Failed to fetch');
    });
    await attach(element, server, aFile('Insurance card.jpg', 900_000));
    await rowsSay(element, 'Goes on');
  },
});
