import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { language, part } from './scene.ts';

export default { title: 'Elements/grow-composer' } satisfies Meta;

const composer = (draft: string) =>
  part({
    render: () =>
      html`<grow-composer .draft=${draft} .maxLength=${200} .language=${language}></grow-composer>`,
  });

export const Empty = composer('');

export const Draft = composer('Thursday at 11:00 works for me.\n\nShall I bring the sleep diary?');

/** The last tenth of what fits. */
export const NearlyFull = composer('I have filled in the sleep diary. '.repeat(6).slice(0, 190));

/** Longer than a message may be: nothing is cut off, and it can’t be sent. */
export const TooLong = composer('I have filled in the sleep diary. '.repeat(7));
