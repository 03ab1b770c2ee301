/** What the page can hear, and with which detail; never a word of anybody's. */
export type PublicEvents = {
  /** There is something to see: the inbox is on screen. */
  'grow-ready': undefined;
  /** The number of unread messages changed. */
  'grow-unread-change': { readonly unread: number };
  /** A thread was opened. */
  'grow-thread-open': { readonly threadId: string };
  /** The server has a message that was written here. */
  'grow-message-sent': { readonly threadId: string; readonly messageId: string };
  /** The session no longer counts. Sign the person in again, then give a token. */
  'grow-session-expired': undefined;
  /**
   * The person wants the Support Team: for a topic of the clinic's guide, or for `no-reply`,
   * `relationship-ended`, `cannot-send`, `failed` or `other`. Cancelled, it is the page's; else `support-url` opens.
   */
  'grow-support-request': { readonly reason: string; readonly threadId?: string };
  /** Something went wrong that the page may want to know of. */
  'grow-error': { readonly code: string };
};

export type GrowReadyEvent = CustomEvent<PublicEvents['grow-ready']>;
export type GrowUnreadChangeEvent = CustomEvent<PublicEvents['grow-unread-change']>;
export type GrowThreadOpenEvent = CustomEvent<PublicEvents['grow-thread-open']>;
export type GrowMessageSentEvent = CustomEvent<PublicEvents['grow-message-sent']>;
export type GrowSessionExpiredEvent = CustomEvent<PublicEvents['grow-session-expired']>;
export type GrowSupportRequestEvent = CustomEvent<PublicEvents['grow-support-request']>;
export type GrowErrorEvent = CustomEvent<PublicEvents['grow-error']>;

/** Tells the page: composed, bubbling. Says no where the page took over what would follow. */
export function tellPage<Type extends keyof PublicEvents>(
  element: EventTarget,
  type: Type,
  ...[detail]: PublicEvents[Type] extends undefined ? [] : [PublicEvents[Type]]
): boolean {
  const cancelable = type === 'grow-support-request';
  return element.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable }));
}

declare global {
  interface HTMLElementEventMap {
    'grow-ready': GrowReadyEvent;
    'grow-unread-change': GrowUnreadChangeEvent;
    'grow-thread-open': GrowThreadOpenEvent;
    'grow-message-sent': GrowMessageSentEvent;
    'grow-session-expired': GrowSessionExpiredEvent;
    'grow-support-request': GrowSupportRequestEvent;
    'grow-error': GrowErrorEvent;
  }
}
