import type { GrowMessagesBadge } from './grow-messages-badge.ts';
import { GrowMessages } from './grow-messages.ts';
import { GrowComposer } from './view/grow-composer.ts';
import { GrowCrisis } from './view/grow-crisis.ts';
import { GrowInbox } from './view/grow-inbox.ts';
import { GrowMessage } from './view/grow-message.ts';
import { GrowThread } from './view/grow-thread.ts';
import { GrowTimeline } from './view/grow-timeline.ts';
import { register } from './view/register.ts';

/** What could not be fetched is asked for again after this long, in milliseconds. */
const fetchedAgainAfter = 15_000;

// Leaves first, so that an element that is already on the page finds all it is made of.
register({
  'grow-crisis': GrowCrisis,
  'grow-composer': GrowComposer,
  'grow-message': GrowMessage,
  'grow-timeline': GrowTimeline,
  'grow-thread': GrowThread,
  'grow-inbox': GrowInbox,
  'grow-messages': GrowMessages,
});

function defineLater(): void {
  import('./define-later.ts').catch(() => setTimeout(defineLater, fetchedAgainAfter));
}
defineLater();

declare global {
  interface HTMLElementTagNameMap {
    'grow-messages': GrowMessages;
    'grow-messages-badge': GrowMessagesBadge;
  }
}
