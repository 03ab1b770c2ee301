import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import type { Contact } from '../protocol/thread.ts';
import { aProvider } from '../test/support/message-builders.ts';
import { find, has } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { GrowPersonPicker } from '../widget/view/grow-person-picker.ts';
import { register } from '../widget/view/register.ts';
import { language, part } from './scene.ts';

register({ 'grow-person-picker': GrowPersonPicker });

export default { title: 'Elements/grow-person-picker' } satisfies Meta;

const names = ['Ada Okafor', 'José Álvarez', 'Łukasz Nowak', 'Mary O’Neill', 'Sam Jordan', 'Zoë Müller'];

const contacts: readonly Contact[] = Array.from({ length: 90 }, (_, at) => ({
  person: aProvider({
    id: `p${at}`,
    displayName: names[at % 6]!,
    credentials: ['LMFT', 'PhD', 'LCSW'][at % 3]!,
  }),
  status: at % 4 === 3 ? 'former' : 'current',
}));

const picker = (play: (frame: HTMLElement) => Promise<void> = async () => {}, personId = '') =>
  part({
    fills: true,
    render: () => html`
      <div style="padding: 1rem">
        <grow-person-picker
          .contacts=${contacts}
          .personId=${personId}
          .label=${'Provider'}
          .language=${language}
        ></grow-person-picker>
      </div>
    `,
    play,
  });

const typed = (text: string) => async (frame: HTMLElement) => {
  const box = find<HTMLInputElement>(frame, 'input');
  box.value = text;
  box.dispatchEvent(new InputEvent('input', { bubbles: true }));
  await until(() => has(frame, '.popup:not([hidden])'));
  const { bottom } = find(frame, '.popup').getBoundingClientRect();
  if (bottom > innerHeight) throw new Error('The list is not to be seen.');
};

export const Closed = picker();

export const Chosen = picker(undefined, 'p3');

/** All, as far as there is room for them. */
export const Open = picker(typed(''));

/** By the beginnings of words, whatever their accents. */
export const Found = picker(typed('alv'));

export const NobodyFound = picker(typed('xyz'));
