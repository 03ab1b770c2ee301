import type { ProblemCode } from '../../protocol/problem.ts';
import type { attachmentEnglish } from './grow-attachment.strings.ts';
import type { attachmentsEnglish } from './grow-attachments.strings.ts';
import type { composeEnglish } from './grow-compose.strings.ts';
import type { guideEnglish } from './grow-guide.strings.ts';
import type { inboxToolsEnglish } from './grow-inbox-tools.strings.ts';
import type { quickHideEnglish } from './grow-quick-hide.strings.ts';
import type { readersEnglish } from './grow-readers.strings.ts';
import type { replyClockEnglish } from './grow-reply-clock.strings.ts';
import type { signOutEnglish } from './grow-sign-out.strings.ts';
import type { unkeptEnglish } from './grow-unkept.strings.ts';
import { plural } from './plural.ts';

/** Every word on screen. A portal may set its own by the `strings` property. */
export type Strings = CoreStrings &
  typeof attachmentEnglish &
  typeof attachmentsEnglish &
  typeof composeEnglish &
  typeof guideEnglish &
  typeof inboxToolsEnglish &
  typeof quickHideEnglish &
  typeof readersEnglish &
  typeof replyClockEnglish &
  typeof signOutEnglish &
  typeof unkeptEnglish;

export type CoreStrings = typeof english;

/** What is on screen from the start; what is loaded later brings its own words. */
export const english = {
  title: 'Messages',
  discreetTitle: 'Inbox',
  composeMessage: 'Compose message',
  conversations: 'Conversations',
  back: 'Back to conversations',
  cancel: 'Cancel',
  partFailed: 'This could not be loaded.',
  loading: 'Loading…',
  inboxEmpty: 'No messages yet',
  inboxEmptyHint: 'Select “Compose message” to start a conversation.',
  chooseThread: 'Select a conversation to read it.',
  composeYourMessage: 'Compose your message',
  returnHint: 'Hold Shift + Return for a new line',
  attachFiles: 'Attach files',
  send: 'Send',
  replyTime: 'Replies:',
  replyUsual: plural('en', {
    one: 'usually within 1 business day',
    other: 'usually within 1–# business days',
  }),
  messages: 'Messages',
  you: 'You',
  youSaid: (text: string) => `You: ${text}`,
  attachmentOnly: 'Sent a file',
  unreadMark: 'UNREAD',
  unreadCount: plural('en', { one: '1 unread message', other: '# unread messages' }),
  newMessages: 'New messages',
  jumpToNewest: 'Jump to newest',
  newMessageFrom: (name: string, text: string) => `New message from ${name}: ${text}`,
  threadStart: (name: string) => `The start of your conversation with ${name}`,
  loadFailed: 'More messages could not be loaded.',
  sending: 'Sending…',
  seen: 'Seen',
  delivered: 'Delivered',
  /** What became of the email about a message; the hour follows where there was one. */
  emails: {
    emailed: 'Email sent',
    read: 'Read before an email was needed',
    failed: 'Could not be emailed: contact Support',
  } as Readonly<Record<string, string>>,
  unreachable: 'Not sent yet: it goes out when the connection is back.',
  heldUp: 'Waits until the one above is sent.',
  notSent: (reason: string) => `Not sent. ${reason}`,
  tryAgain: 'Try again',
  refresh: 'Refresh this device’s copy',
  guide: 'Provider or Support?',
  whoReads: 'Who can read this',
  contactSupport: 'Contact the Support Team',
  supportHow: 'You reach the Support Team through the help widget in your client portal.',
  edit: 'Edit',
  ended: 'This conversation has ended.',
  endedHint:
    'The therapeutic relationship is no longer active, so messages can’t be sent. You can still read what was written.',
  endedHelp: 'For help with finding another provider, contact the Support Team.',
  offline: 'No connection. What you write goes out when it is back.',
  gates: {
    unreachable: ['Your messages can’t be reached right now', 'Trying again. Nothing you wrote is lost.'],
    'signed-out': ['Please sign in again', 'Your session has ended. What you wrote is kept.'],
    left: ['You are signed out', 'Nothing of your messages is left on this device.'],
    failed: ['Messages can’t be shown', 'Please contact the Support Team.'],
  } as Readonly<Record<string, readonly [title: string, hint: string]>>,
  threadMissing:
    'This conversation can’t be found. If an email led you here, look at your other conversations.',
  threadFailed: 'This conversation could not be loaded.',
  charactersLeft: plural('en', { one: '1 character left', other: '# characters left' }),
  charactersOver: plural('en', { one: '1 character too many', other: '# characters too many' }),
  crisisRegion: 'Crisis support',
  crisisLead: 'In crisis? Call',
  crisisOr: 'or',
  crisisMore: 'More crisis support',
  crisisCall: 'Call',
  crisisText: 'Text',
  crisisLines: ['Emergency services', '988 Suicide & Crisis Lifeline', 'Crisis counselor'],
  crisisOffer: 'You don’t have to wait for an answer here. In danger? These people answer now:',
  crisisDisclaimer: (phone: string) =>
    `Disclaimer: Grow Therapy messaging is not an emergency service. If you or someone you know is in crisis or needs immediate help, please call emergency services such as 911 or ${phone} to speak with a crisis counselor.`,
  crisisResources: 'Access additional emergency resources',
  reasons: {
    'relationship-ended': 'This relationship has ended.',
    'too-large': 'It is too long. Select “Edit” to shorten it.',
    invalid: 'It can’t be sent as it is. Select “Edit” to change it.',
    'not-found': 'This conversation is no longer open to you.',
    unavailable: 'It could not get through for a day. “Edit” needs a connection.',
    other: 'The server did not take it.',
  } as Readonly<Partial<Record<ProblemCode | 'other', string>>>,
};

/** Why the server said no, in words. */
export function reasonFor(strings: CoreStrings, code: ProblemCode | undefined): string {
  return (code && strings.reasons[code]) ?? strings.reasons.other ?? '';
}
