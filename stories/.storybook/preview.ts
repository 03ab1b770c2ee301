import type { Preview } from '@storybook/web-components-vite';
import { addons } from 'storybook/preview-api';
import '../../widget/define.ts';
import { rules } from '../axe.ts';
import { setClock } from '../clock.ts';
import { clearStage, settle } from '../stage.ts';

// Tells the test, and whoever else looks from outside, that there is a story to look at.
addons.getChannel().on('storyFinished', ({ storyId }: { readonly storyId: string }) => {
  document.documentElement.dataset['story'] = storyId;
});

const preview: Preview = {
  parameters: {
    layout: 'fullscreen',
    a11y: { test: 'error', options: rules },
    options: {
      storySort: { order: ['Elements', ['grow-messages', '*'], 'Hard days', 'Themes'] },
    },
  },
  globalTypes: {
    scheme: {
      description: 'Light or dark',
      toolbar: {
        icon: 'mirror',
        dynamicTitle: true,
        items: [
          { value: 'light dark', title: 'As the system' },
          { value: 'light', title: 'Light' },
          { value: 'dark', title: 'Dark' },
        ],
      },
    },
  },
  initialGlobals: { scheme: 'light dark' },
  decorators: [
    (story, { globals }) => {
      document.documentElement.style.colorScheme = String(globals['scheme']);
      return story();
    },
  ],
  beforeEach: () => {
    setClock();
    return clearStage;
  },
  afterEach: ({ canvasElement }) => settle(canvasElement),
};

export default preview;
