import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { load } from '../widget/view/load-later.ts';
import { ana, lee } from './clinic.ts';
import { language, part } from './scene.ts';

export default { title: 'Elements/grow-readers', loaders: [() => load('grow-readers')] } satisfies Meta;

/** As a client sees it. */
export const Client = part({
  fills: true,
  render: () => html`<grow-readers .self=${ana} .other=${lee} .language=${language}></grow-readers>`,
});

/** As a provider sees it. */
export const Provider = part({
  fills: true,
  render: () => html`<grow-readers .self=${lee} .other=${ana} .language=${language}></grow-readers>`,
});
