import type { Inbox } from './cache/inbox.ts';
import { tellPage } from './public-events.ts';
import type { Session } from './state/messaging-client.ts';

/** Tells the page how it stands with the session, and how many messages are unread; each when it changes. */
export class PageNews {
  readonly #element: EventTarget;
  #told: Session | undefined;
  #unread: number | undefined;

  constructor(element: EventTarget) {
    this.#element = element;
  }

  tell(session: Session | undefined, inbox: Inbox | undefined): void {
    const element = this.#element;
    // There is nothing to see yet.
    const stage = session === 'ready' && !inbox ? 'starting' : session;
    if (stage !== this.#told) {
      this.#told = stage;
      if (stage === 'ready') tellPage(element, 'grow-ready');
      if (stage === 'signed-out') tellPage(element, 'grow-session-expired');
      if (stage === 'unreachable') tellPage(element, 'grow-error', { code: 'unavailable' });
      if (stage === 'failed') tellPage(element, 'grow-error', { code: 'forbidden' });
    }
    if (inbox && inbox.unread !== this.#unread) {
      this.#unread = inbox.unread;
      tellPage(element, 'grow-unread-change', { unread: inbox.unread });
    }
  }
}
