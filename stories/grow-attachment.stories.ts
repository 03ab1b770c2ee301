import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import type { Attachment } from '../protocol/message.ts';
import { uuid } from '../test/support/message-builders.ts';
import { load } from '../widget/view/load-later.ts';
import { language, part } from './scene.ts';

export default { title: 'Elements/grow-attachment' } satisfies Meta;

const file = (
  changes: Partial<Omit<Attachment, 'state'>> & { readonly state?: string; readonly detail?: string },
) =>
  part({
    render: () => html`
      <div style="max-inline-size: 24rem; padding: 1rem">
        <grow-attachment
          .file=${{ id: uuid(1), name: 'Intake form.pdf', mediaType: 'application/pdf', size: 183_000, ...changes }}
          .language=${language}
        ></grow-attachment>
      </div>
    `,
    play: () => load('grow-attachment'),
  });

export const Document = file({});

export const LongName = file({ name: `${'Questionnaire about sleep and rest, '.repeat(4)}part 2.docx` });

export const BeingChecked = file({ state: 'checking' });

export const Unsafe = file({ state: 'unsafe' });

/** It goes with a message that was not sent. */
export const RefusedOnTheWay = file({
  state: 'refused',
  detail: 'It is a program that is dressed as a PDF.',
});
