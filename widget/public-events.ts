/** What the page can hear: composed, bubbling, and never with a word of anybody's. */
class PublicEvent<Detail> extends CustomEvent<Detail> {
  constructor(type: string, detail: Detail) {
    super(type, { detail, bubbles: true, composed: true });
  }
}

/** There is something to see: the inbox is on screen. */
export class GrowReadyEvent extends PublicEvent<undefined> {
  constructor() {
    super('grow-ready', undefined);
  }
}

/** The number of unread messages changed. */
export class GrowUnreadChangeEvent extends PublicEvent<{ readonly unread: number }> {
  constructor(unread: number) {
    super('grow-unread-change', { unread });
  }
}

/** A thread was opened. */
export class GrowThreadOpenEvent extends PublicEvent<{ readonly threadId: string }> {
  constructor(threadId: string) {
    super('grow-thread-open', { threadId });
  }
}

/** The server has a message that was written here. */
export class GrowMessageSentEvent extends PublicEvent<{
  readonly threadId: string;
  readonly messageId: string;
}> {
  constructor(threadId: string, messageId: string) {
    super('grow-message-sent', { threadId, messageId });
  }
}

/** The session no longer counts. Sign the person in again, then give a token. */
export class GrowSessionExpiredEvent extends PublicEvent<undefined> {
  constructor() {
    super('grow-session-expired', undefined);
  }
}

/** Something went wrong that the page may want to know of. */
export class GrowErrorEvent extends PublicEvent<{ readonly code: string }> {
  constructor(code: string) {
    super('grow-error', { code });
  }
}

declare global {
  interface HTMLElementEventMap {
    'grow-ready': GrowReadyEvent;
    'grow-unread-change': GrowUnreadChangeEvent;
    'grow-thread-open': GrowThreadOpenEvent;
    'grow-message-sent': GrowMessageSentEvent;
    'grow-session-expired': GrowSessionExpiredEvent;
    'grow-error': GrowErrorEvent;
  }
}
