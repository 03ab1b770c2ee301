import { emulateMedia, setViewport } from '@web/test-runner-commands';
import '../../widget/define.ts';
import type { GrowMessages } from '../../widget/grow-messages.ts';
import { FakeServer, listen } from './fake-server.ts';
import { isLive } from './live.ts';
import { aProvider, threadId, uuid } from './message-builders.ts';
import { find, findAll, has, pressReturn, write } from './shadow.ts';
import { until } from './until.ts';

/** The thread with Dr. Okafor. */
export const otherThread = uuid(2, 'c');

/** An empty page in a browser that has never been here, and a server that knows Ana with two threads; anew for each test. */
export class WidgetPage {
  server!: FakeServer;
  /** Where the element is put, and where its events arrive. */
  body!: HTMLElement;

  constructor() {
    beforeEach(() => this.#begin());
    afterEach(() => this.#end());
  }

  async #begin(): Promise<void> {
    await setViewport({ width: 1_000, height: 800 });
    await this.useServer();
    this.server.addThread({ messages: 5 });
    this.server.addThread({
      id: otherThread,
      other: aProvider({ id: 'dr-okafor', displayName: 'Ada Okafor' }),
      messages: 2,
    });
    this.body = document.createElement('div');
    document.body.append(this.body);
  }

  async #end(): Promise<void> {
    this.server.letGo();
    this.body.remove();
    await until(() => this.server.openStreams === 0);
    await this.forgetDevice();
    await emulateMedia({ colorScheme: 'light' });
  }

  /** Another server in place of the one there is, with nothing in it. */
  async useServer(): Promise<FakeServer> {
    this.server = await listen(new FakeServer());
    return this.server;
  }

  /** As a browser that has never been here. */
  async forgetDevice(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase('grow-messages');
      deleting.onsuccess = () => resolve();
      deleting.onerror = () => reject(new Error('the database would not go'));
    });
  }

  /** Puts an element on the page. */
  mount(settings: Partial<GrowMessages> = {}): GrowMessages {
    const { apiUrl, tokenUrl } = this.server;
    const element = document.createElement('grow-messages');
    Object.assign(element, { apiUrl, tokenUrl, ...settings });
    this.body.append(element);
    return element;
  }

  /** … and waits for the inbox. */
  async ready(settings: Partial<GrowMessages> = {}): Promise<GrowMessages> {
    const element = this.mount(settings);
    await until(() => isReady(element) && this.isLive && this.server.unanswered === 0, 'the inbox is there');
    return element;
  }

  /** … and opens a thread. */
  async open(id = threadId, settings: Partial<GrowMessages> = {}): Promise<GrowMessages> {
    const element = await this.ready(settings);
    element.openThread(id);
    const first = Math.min(20, this.server.thread(id).lastSeq);
    await until(() => rows(element).length >= first && has(element, 'textarea'), 'the thread is open');
    return element;
  }

  get isLive(): boolean {
    return isLive(this.server.apiUrl);
  }
}

export const isReady = (element: Element) => has(element, '.thread');
export const box = (element: Element) => find<HTMLTextAreaElement>(element, 'textarea');
export const rows = (element: Element) => findAll(element, 'grow-message');
export const heading = (element: Element) => find(find(element, 'grow-thread'), 'h2');

export function newest(element: Element): HTMLElement {
  const row = rows(element).at(-1);
  if (!row) throw new Error('There is no message.');
  return row;
}

/** Writes and presses Return. */
export async function say(element: Element, text: string): Promise<void> {
  write(box(element), text);
  await Promise.resolve();
  pressReturn(box(element));
}
