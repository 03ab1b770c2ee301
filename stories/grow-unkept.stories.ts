import type { Meta } from '@storybook/web-components-vite';
import { has, wordsOf } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import { unkeptEnglish } from '../widget/view/grow-unkept.strings.ts';
import { openThread, type } from './acts.ts';
import { scene } from './scene.ts';

export default { title: 'Elements/grow-unkept' } satisfies Meta;

/** What is written lives in this page alone, and the writer is told with the first letter. */
export const Told = scene({
  settings: { cache: 'memory' },
  async play(element, server) {
    await openThread(element, server.threads[0]!.id);
    type(element, 'About Thursday');
    await until(
      () => has(element, 'grow-unkept') && wordsOf(element).includes(unkeptEnglish.unkept),
      'it says so',
    );
  },
});
