import { type FakeServer, listen } from '../test/support/fake-server.ts';
import { findAll } from '../test/support/shadow.ts';
import { now } from './clock.ts';

let present: FakeServer | undefined;

/** Puts a clinic at the other end of the page's network. */
export async function enter(server: FakeServer): Promise<FakeServer> {
  // Nothing is left on this device of what was told before. It goes when the last story has let go of it.
  indexedDB.deleteDatabase('grow-messages');
  localStorage.clear();
  present = server;
  return listen(server);
}

/** How many messages a thread has at the clinic. */
export function messagesIn(threadId: string): number {
  return present?.messages(threadId).length ?? 0;
}

/** What was held for the story that is over is let go. */
export function clearStage(): void {
  present?.letGo();
  present = undefined;
}

/** Resolves when all is drawn and nothing is under way: no answer is to come, and for three frames nothing has moved. */
export async function settle(root: Element): Promise<void> {
  await document.fonts.ready;
  let last = '';
  for (let calm = 0, end = now() + 8_000; calm < 3;) {
    if (now() > end) throw new Error('It never came to rest.');
    await new Promise(requestAnimationFrame);
    const picture = pictureOf(root);
    calm = picture === last && !present?.unanswered ? calm + 1 : 0;
    last = picture;
  }
}

/** Where everything is, and its words: two that are the same are the same to look at. */
function pictureOf(root: Element): string {
  const parts: string[] = [];
  for (const element of findAll(root, '*')) {
    const { x, y, width, height } = element.getBoundingClientRect();
    parts.push(element.localName, `${x} ${y} ${width} ${height}`);
    for (const node of element.childNodes) if (node instanceof Text) parts.push(node.data);
  }
  return parts.join('\n');
}
