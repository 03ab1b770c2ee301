import { find, findAll, has, pressReturn, write } from '../test/support/shadow.ts';
import { until } from '../test/support/until.ts';
import type { GrowMessages } from '../widget/grow-messages.ts';
import type { GrowMessage } from '../widget/view/grow-message.ts';
import { messagesIn, settle } from './stage.ts';

/** With how many messages a thread opens. */
const newest = 20;

/** Waits for the inbox. */
export async function ready(element: GrowMessages): Promise<void> {
  await until(() => has(element, '.thread'), 'the inbox is there');
}

/** Chooses a thread, and waits for all that is shown of it at first. */
export async function openThread(element: GrowMessages, id: string): Promise<void> {
  await ready(element);
  find(element, `.thread[data-id="${id}"]`).click();
  const atFirst = Math.min(newest, messagesIn(id));
  await until(() => rows(element).length >= atFirst, 'the thread is there');
  await settle(element);
}

export function type(element: Element, text: string): void {
  write(find<HTMLTextAreaElement>(element, 'textarea'), text);
}

/** Writes and sends, and waits until the message is there in this state. */
export async function say(element: Element, text: string, state: GrowMessage['state']): Promise<void> {
  const before = rows(element).length;
  type(element, text);
  await Promise.resolve();
  pressReturn(find(element, 'textarea'));
  await until(
    () => rows(element).length > before && rows(element).at(-1)?.state === state,
    `the message is ${state}`,
  );
}

const rows = (element: Element) => findAll<GrowMessage>(element, 'grow-message');
