// Takes a picture of every story, wide and narrow, light and dark: reports/stories/<story>-<width>-<scheme>.png.
// Words on the command line choose the stories whose name holds one of them.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readStories, StoryBook } from '../test/support/story-book.ts';

const folder = fileURLToPath(new URL('../reports/stories', import.meta.url));
const wanted = process.argv.slice(2);
const stories = readStories().filter(
  ({ id }) => wanted.length === 0 || wanted.some((word) => id.includes(word)),
);

mkdirSync(folder, { recursive: true });
const book = await StoryBook.open();
try {
  await Promise.all([1280, 360].map((width) => takeAll(width)));
} finally {
  await book.close();
}

async function takeAll(width) {
  const reader = await book.reader(width);
  for (const story of stories) {
    await reader.show(story);
    for (const colorScheme of ['light', 'dark']) {
      await reader.page.emulateMedia({ colorScheme });
      await reader.page.screenshot({ path: `${folder}/${story.id}-${width}-${colorScheme}.png` });
    }
    for (const fault of reader.faults()) console.error(`${story.id} at ${width}: ${fault}`);
  }
}
