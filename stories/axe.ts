import type { RunOptions } from 'axe-core';

/** What axe looks for in every story: WCAG 2.2 AA, and what else makes a page good to use. */
export const rules: RunOptions = {
  runOnly: {
    type: 'tag',
    values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  },
};
