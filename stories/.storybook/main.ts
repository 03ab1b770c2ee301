import type { StorybookConfig } from '@storybook/web-components-vite';
import { lighten } from '../../scripts/without-ballast.mjs';

const asBuilt = {
  name: 'as-built',
  transform: (code: string, id: string) =>
    id.includes('/tus-js-client/')
      ? (lighten(code, id.replace(/\?.*/, '')) as string | undefined)
      : undefined,
};

const config: StorybookConfig = {
  framework: '@storybook/web-components-vite',
  stories: ['../*.stories.ts'],
  addons: ['@storybook/addon-a11y'],
  // msw's service worker has to be served from the root of the site it listens in on.
  staticDirs: [{ from: '../../node_modules/msw/lib/mockServiceWorker.js', to: '/mockServiceWorker.js' }],
  // As it is built: it imports what no browser could load, and asks what nobody here answers.
  viteFinal: (vite) => ({ ...vite, plugins: [...(vite.plugins ?? []), asBuilt] }),
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  features: {
    // The stories lie on the page's own ground, in the scheme that the toolbar or the system asks for.
    backgrounds: false,
    // What a story shows it has come to by itself: there is nothing to set.
    controls: false,
    actions: false,
    interactions: false,
    sidebarOnboardingChecklist: false,
    menuOnboardingChecklist: false,
  },
};

export default config;
