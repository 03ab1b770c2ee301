import type { Page } from 'playwright-core';
import type { GrowMessages } from '../../widget/grow-messages.ts';
import type { GrowThread } from '../../widget/view/grow-thread.ts';

/** What can be seen in a tab by whoever looks closely. */
export type Sight = {
  /** Whatever could be read: words, attributes, what boxes hold, title and address. */
  readonly all: string;
  /** The messages of the open thread, top to bottom. */
  readonly rows: readonly { readonly text: string; readonly isEcho: boolean }[];
  /** What the composer holds; undefined where there is none. */
  readonly draft: string | undefined;
  /** Where the element has nothing to show and offers to try again, what it says of that. */
  readonly gate: string | undefined;
  /** Which thread is open, if any is. */
  readonly threadId: string;
  /** What the open thread says of itself where it has no messages to show. */
  readonly state: string;
  /** Whether it says that what was written lives in this page alone. */
  readonly isUnkept: boolean;
  /** What the page heard last of how much is unread. */
  readonly unread: number | undefined;
};

/** What is done in the page itself: each a single question to it. */
type Hand = {
  look(): Sight;
  /** Writes into the box, where there is one, and says once the words are on the disk. */
  type(text: string): Promise<boolean>;
  /** Presses Return, where these words stand in a box, and says whether they came into the log. */
  send(text: string): Promise<'shown' | 'gone' | 'not-there'>;
  /** Drops a table of this one word on the box. */
  attach(name: string, word: string): void;
  open(threadId: string): Promise<void>;
  back(): void;
  /** Signs out, whatever is unsent, and says that it is forgotten, or by what kind of error it was not. */
  signOut(): Promise<string>;
  /** Presses whatever is called so, and says whether there was anything. */
  tryAgain(): boolean;
};

declare global {
  interface Window {
    hand: Hand;
    /** What the page heard of how much is unread. */
    unread?: number;
  }
}

/** Has every page of a browser bring a hand along. To be given to `addInitScript`. */
export function bringHand(): void {
  const element = () => document.querySelector<GrowMessages>('grow-messages');
  const all = (
    selector: string,
    root: ParentNode | null | undefined = element()?.shadowRoot,
  ): HTMLElement[] =>
    [...(root?.querySelectorAll('*') ?? [])].flatMap((found) => [
      ...(found.matches(selector) ? [found as HTMLElement] : []),
      ...(found.shadowRoot ? all(selector, found.shadowRoot) : []),
    ]);
  const box = () => all('textarea')[0] as HTMLTextAreaElement | undefined;
  const rows = () =>
    all('grow-message').map((row) => ({
      text: row.shadowRoot?.querySelector('.text')?.textContent ?? '',
      isEcho: row.hasAttribute('echo'),
    }));
  const words = (node: Node): string[] => {
    if (node instanceof CharacterData) return [node.data];
    if (!(node instanceof Element) || node.localName === 'style' || node.localName === 'script') return [];
    const held = node instanceof HTMLTextAreaElement || node instanceof HTMLInputElement ? [node.value] : [];
    return [
      ...held,
      ...Array.from(node.attributes, ({ value }) => value),
      ...[...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].flatMap(words),
    ];
  };
  const isShut = () => all('.gate button').length > 0;
  const until = async (condition: () => boolean | Promise<boolean>, patience: number) => {
    for (const end = performance.now() + patience; ;) {
      if (await condition()) return true;
      if (performance.now() > end) return false;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  /** The drafts on the disk, sealed as they are: as long as they are the same, nothing was kept. */
  const keptDrafts = () =>
    new Promise<string>((resolve) => {
      const opening = indexedDB.open('grow-messages');
      opening.onupgradeneeded = () => opening.transaction?.abort();
      opening.onerror = () => resolve('');
      opening.onsuccess = () => {
        const db = opening.result;
        const asking = db.transaction('drafts').objectStore('drafts').getAll();
        asking.onsuccess = () => resolve((asking.result as Uint8Array[]).join());
        asking.onerror = () => resolve('');
        db.close();
      };
    });
  window.hand = {
    look: () => ({
      all: [...words(document.documentElement), document.title, location.href].join('\n'),
      rows: rows(),
      draft: box()?.value,
      gate: isShut() ? all('.gate')[0]?.textContent.replace(/\s+/g, ' ').trim() : undefined,
      state: all('.state, .edge')
        .map((found) => found.textContent.replace(/\s+/g, ' ').trim())
        .join(),
      isUnkept: all('grow-unkept').some(({ shadowRoot }) => shadowRoot?.querySelector('p')),
      threadId: element()?.threadId ?? '',
      unread: window.unread,
    }),
    type: async (text) => {
      await until(() => box() !== undefined || isShut() || all('.state[role=alert]').length > 0, 1_500);
      if (!box()) return false;
      const before = await keptDrafts();
      const found = box();
      if (!found) return false;
      found.value = text;
      found.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
      return until(async () => (await keptDrafts()) !== before, 1_500);
    },
    send: async (text) => {
      const found = box();
      if (found?.value !== text) return 'not-there';
      const init = { key: 'Enter', bubbles: true, composed: true, cancelable: true };
      found.dispatchEvent(new KeyboardEvent('keydown', init));
      return (await until(() => rows().some((row) => row.text === text), 1_500)) ? 'shown' : 'gone';
    },
    attach: (name, word) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([`${word},1\n`], name, { type: 'text/csv' }));
      const init = { dataTransfer, bubbles: true, composed: true, cancelable: true };
      box()?.dispatchEvent(new DragEvent('drop', init));
    },
    open: async (threadId) => {
      element()?.openThread(threadId);
      await element()?.updateComplete;
      await (all('grow-thread')[0] as GrowThread | undefined)?.updateComplete;
    },
    signOut: async () => {
      let outcome = '';
      element()
        ?.signOut()
        .then(() => (outcome = 'forgotten'))
        .catch((error: Error) => (outcome = error.name));
      await until(() => {
        all('dialog button.quiet')[0]?.click();
        return outcome !== '';
      }, 20_000);
      return outcome;
    },
    back: () => all('.back')[0]?.click(),
    tryAgain: () => {
      const found = all('.gate button, [role=alert] button')[0];
      found?.click();
      return found !== undefined;
    },
  };
  addEventListener('grow-unread-change', (event) => {
    window.unread = (event as CustomEvent<{ unread: number }>).detail.unread;
  });
}

/** Has the hand in a tab do something. */
export function withHand<Answer, Given = undefined>(
  page: Page,
  act: (given: Given) => Answer,
  given?: Given,
): Promise<Awaited<Answer>> {
  return page.evaluate(act as (given: unknown) => Answer, given) as Promise<Awaited<Answer>>;
}
