import type { StoryContext, StoryObj } from '@storybook/web-components-vite';
import { html, type TemplateResult } from 'lit';
import type { FakeServer } from '../test/support/fake-server.ts';
import { find } from '../test/support/shadow.ts';
import type { GrowMessages } from '../widget/grow-messages.ts';
import type { MessagingClient } from '../widget/state/messaging-client.ts';
import { Language } from '../widget/view/language.ts';
import { aClinic } from './clinic.ts';
import { enter } from './stage.ts';
import './story-frame.ts';

/** A story of the whole element: who is at the other end, what the page sets, and what happens. */
export type Scene = {
  /** The clinic at the other end. */
  readonly server?: () => FakeServer;
  readonly settings?: Partial<GrowMessages>;
  /** What the page has around the element. */
  readonly around?: (element: GrowMessages) => TemplateResult;
  /** What happens. Resolves when that is on screen which the story is about. */
  readonly play?: (element: GrowMessages, server: FakeServer) => Promise<void>;
};

/** A story of one element of the inside, alone. */
export type Part = {
  readonly render: (client: MessagingClient | undefined) => TemplateResult;
  /** The clinic at the other end, for an element that asks for something. */
  readonly server?: () => FakeServer;
  /** Whether it is as tall as the page. */
  readonly fills?: boolean;
  readonly play?: (frame: HTMLElement, server: FakeServer) => Promise<void>;
};

export const language = new Language('en-US');

export function scene({ server = aClinic, settings, around, play }: Scene): StoryObj {
  return {
    loaders: [async () => ({ server: await enter(server()) })],
    render: (_, context) => {
      const { apiUrl, tokenUrl } = serverOf(context);
      const element = document.createElement('grow-messages');
      Object.assign(element, { apiUrl, tokenUrl, locale: 'en-US', ...settings });
      return around?.(element) ?? element;
    },
    play: async (context) => {
      const element = find<GrowMessages>(context.canvasElement, 'grow-messages');
      await play?.(element, serverOf(context));
    },
  };
}

export function part({ render, server, fills = false, play }: Part): StoryObj {
  return {
    loaders: [async () => ({ server: server && (await enter(server())) })],
    render: (_, context) => {
      const { apiUrl, tokenUrl } = serverOf(context) ?? {};
      return html`<story-frame
        ?fills=${fills}
        .content=${render}
        .settings=${apiUrl ? { apiUrl, tokenUrl } : undefined}
      ></story-frame>`;
    },
    play: async (context) => play?.(find(context.canvasElement, 'story-frame'), serverOf(context)),
  };
}

function serverOf({ loaded }: Pick<StoryContext, 'loaded'>): FakeServer {
  return loaded['server'] as FakeServer;
}
