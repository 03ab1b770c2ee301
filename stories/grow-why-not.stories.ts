import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { GrowWhyNot } from '../widget/view/grow-why-not.ts';
import { register } from '../widget/view/register.ts';
import { language, part } from './scene.ts';

register({ 'grow-why-not': GrowWhyNot });

export default { title: 'Elements/grow-why-not' } satisfies Meta;

const whyNot = (why: GrowWhyNot['why'], isClient = true) =>
  part({
    render: () => html`
      <div style="padding: 1rem">
        <grow-why-not .why=${why} .isClient=${isClient} .language=${language}></grow-why-not>
      </div>
    `,
  });

/** Nothing is known to stand in the way: the question, for whoever has it. */
export const Question = whyNot(undefined);

export const NeverBooked = whyNot('never-booked');

export const Ended = whyNot('ended');

/** A provider, to whom nobody has come yet. */
export const Provider = whyNot('nobody', false);
