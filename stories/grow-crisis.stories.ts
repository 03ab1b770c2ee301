import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { find } from '../test/support/shadow.ts';
import type { GrowCrisis } from '../widget/view/grow-crisis.ts';
import { language, part } from './scene.ts';

export default { title: 'Elements/grow-crisis' } satisfies Meta;

const render = () => html`<grow-crisis .strings=${language.strings}></grow-crisis>`;

/** As it stands on every screen. */
export const Closed = part({ render });

/** All there is to say. */
export const Open = part({
  render,
  play: async (frame) => find(frame, 'button[aria-expanded]').click(),
});

/** Opened because of what somebody writes. */
export const Offered = part({
  render,
  play: async (frame) => find<GrowCrisis>(frame, 'grow-crisis').offer(),
});
