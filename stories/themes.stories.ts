import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { openThread } from './acts.ts';
import { threads } from './clinic.ts';
import { scene, type Scene } from './scene.ts';

export default { title: 'Themes' } satisfies Meta;

const play: Scene['play'] = (element) => openThread(element, threads.lee);

/** A printed page: serif, ruled, square, one red. */
export const Ledger = scene({
  play,
  around: (element) => html`
    <style>
      grow-messages {
        --grow-font: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'DejaVu Serif', Georgia, serif;
        --grow-paper: light-dark(#fffdf5, #14130f);
        --grow-card: light-dark(#fffdf5, #14130f);
        --grow-theirs: light-dark(#fffdf5, #14130f);
        --grow-ink: light-dark(#16140f, #f2eee2);
        --grow-ink-soft: light-dark(#57523f, #b9b29c);
        --grow-line: light-dark(#16140f, #6f6a5a);
        --grow-accent: light-dark(#f3d34a, #d9b92f);
        --grow-on-accent: #16140f;
        --grow-action: light-dark(#8f1d1d, #ff9d8a);
        --grow-on-action: light-dark(#fffdf5, #2b0d08);
        --grow-care: light-dark(#f6ecd0, #2a2412);
        --grow-trouble: light-dark(#8f1d1d, #ff9d8a);
        --grow-radius: 0;
        --grow-button-radius: 0;
      }

      grow-messages::part(thread) {
        border-block-end: 1px solid var(--grow-line);
        border-radius: 0;
      }

      grow-messages::part(bubble) {
        border-color: transparent;
        border-inline-start: 4px double var(--grow-ink);
        box-shadow: none;
      }

      grow-messages::part(input) {
        border-width: 0 0 2px;
      }

      grow-messages::part(crisis) {
        border-block-start: 4px double var(--grow-ink);
      }
    </style>
    ${element}
  `,
});

/** A lagoon: deep green, round, generous, and dark at any hour. */
export const Lagoon = scene({
  play,
  around: (element) => html`
    <style>
      grow-messages {
        color-scheme: dark;
        --grow-font: ui-rounded, 'Nunito', 'Quicksand', 'Hiragino Maru Gothic ProN', system-ui, sans-serif;
        --grow-paper: #062f33;
        --grow-card: #11686a;
        --grow-theirs: #104f53;
        --grow-ink: #effcf7;
        --grow-ink-soft: #a9d8d0;
        --grow-line: #1f6f70;
        --grow-accent: #ffd27d;
        --grow-on-accent: #33240a;
        --grow-action: #8af0cf;
        --grow-on-action: #06302b;
        --grow-care: #3f2d4d;
        --grow-trouble: #ffb4a2;
        --grow-radius: 1.75rem;
      }

      grow-messages::part(bubble) {
        border: 0;
        padding: 0.875rem 1.25rem;
      }

      grow-messages::part(timeline) {
        background: radial-gradient(circle at 80% 0%, #0d4a4c, transparent 60%);
      }

      grow-messages::part(input) {
        border-radius: 1.5rem;
      }
    </style>
    ${element}
  `,
});
