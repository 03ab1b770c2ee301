import type { Meta } from '@storybook/web-components-vite';
import { html } from 'lit';
import { has } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { scene } from './scene.ts';

export default { title: 'Elements/grow-messages-badge' } satisfies Meta;

/** In a portal's side bar, beside the words it belongs to. */
export const InASideBar = scene({
  around: (element) => html`
    <style>
      .portal {
        block-size: 100dvb;
        display: grid;
        font:
          1rem/1.5 system-ui,
          sans-serif;
        grid-template: minmax(0, 1fr) / 13rem minmax(0, 1fr);
      }

      .portal ul {
        list-style: none;
        margin: 0;
        padding: 1rem;
      }

      .portal a {
        align-items: center;
        color: light-dark(#2a2530, #f3eef8);
        display: flex;
        gap: 0.5rem;
        min-block-size: 2.75rem;
      }

      .portal grow-messages {
        --grow-block-size: 100%;
      }

      @media (width < 44rem) {
        .portal {
          grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
        }

        .portal ul {
          column-gap: 1rem;
          display: flex;
          flex-wrap: wrap;
          padding-block: 0.25rem;
        }
      }
    </style>
    <div class="portal">
      <nav aria-label="Portal">
        <ul>
          <li><a href="#appointments">Appointments</a></li>
          <li>
            <a href="#messages" aria-current="page">Messages <grow-messages-badge></grow-messages-badge></a>
          </li>
          <li><a href="#documents">Documents</a></li>
        </ul>
      </nav>
      ${element}
    </div>
  `,
  play: (element) => until(() => has(element.parentElement!, '[part="mark"]'), 'the mark is there'),
});
