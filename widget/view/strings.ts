import type { ProblemCode } from '../../protocol/problem.ts';

/** Every word on screen. A portal may set its own by the `strings` property. */
export type Strings = typeof english;

export const english = {
  title: 'Messages',
  composeMessage: 'Compose message',
  conversations: 'Conversations',
  back: 'Back to conversations',
  provider: 'Provider',
  client: 'Client',
  chooseProvider: 'Choose your provider',
  chooseClient: 'Choose a client',
  cancel: 'Cancel',
  noContactsClient:
    'There is nobody to write to yet. Messaging opens once you have booked an appointment with a provider.',
  noContactsProvider: 'There is nobody to write to yet. Clients appear here once they have booked with you.',
  contactsFailed: 'This could not be loaded.',
  loading: 'Loading…',
  inboxEmpty: 'No messages yet',
  inboxEmptyHint: 'Select “Compose message” to start a conversation.',
  chooseThread: 'Select a conversation to read it.',
  composeYourMessage: 'Compose your message',
  returnHint: 'Return sends, Shift + Return makes a new line',
  send: 'Send',
  replyTime: 'Replies:',
  messages: 'Messages',
  you: 'You',
  youSaid: (text: string) => `You: ${text}`,
  attachmentOnly: 'Sent a file',
  unreadMark: 'UNREAD',
  unreadCount: (count: number) => (count === 1 ? '1 unread message' : `${count} unread messages`),
  newMessages: 'New messages',
  jumpToNewest: 'Jump to newest',
  newMessageFrom: (name: string, text: string) => `New message from ${name}: ${text}`,
  threadStart: (name: string) => `The start of your conversation with ${name}`,
  loadOlderFailed: 'Older messages could not be loaded.',
  loadNewerFailed: 'Newer messages could not be loaded.',
  notSentOffline: 'No connection. Your words are still here: try again in a moment.',
  sending: 'Sending…',
  seen: 'Seen',
  delivered: 'Delivered',
  unreachable: 'Not sent yet: it goes out when the connection is back.',
  notSent: (reason: string) => `Not sent. ${reason}`,
  tryAgain: 'Try again',
  edit: 'Edit',
  ended: 'This conversation has ended.',
  endedHint:
    'The therapeutic relationship is no longer active, so messages can’t be sent. You can still read what was written.',
  offline: 'No connection. What you write goes out when it is back.',
  gates: {
    unreachable: [
      'Your messages can’t be reached right now',
      'It is being tried again. Nothing you wrote is lost.',
    ],
    'signed-out': ['Please sign in again', 'Your session has ended. What you wrote is kept.'],
    failed: ['Messages can’t be shown', 'Please contact the Support Team.'],
  } as Readonly<Record<string, readonly [title: string, hint: string]>>,
  threadMissing: 'This conversation can’t be found.',
  threadFailed: 'This conversation could not be loaded.',
  charactersLeft: (count: number) => (count === 1 ? '1 character left' : `${count} characters left`),
  charactersOver: (count: number) => (count === 1 ? '1 character too many' : `${count} characters too many`),
  crisisRegion: 'Crisis support',
  crisisLead: 'In crisis? Call',
  crisisOr: 'or',
  crisisMore: 'More crisis support',
  crisisText: 'Text 988',
  crisisOffer: 'You don’t have to wait for an answer here. In danger? These people answer now:',
  crisisDisclaimer: (phone: string) =>
    `Disclaimer: Grow Therapy messaging is not an emergency service. If you or someone you know is in crisis or needs immediate help, please call emergency services such as 911 or ${phone} to speak with a crisis counselor.`,
  crisisResources: 'Access additional emergency resources',
  reasons: {
    'relationship-ended': 'This relationship has ended, so no further messages can be sent.',
    'too-large': 'It is longer than a message may be. Select “Edit” to shorten it.',
    invalid: 'It holds something that can’t be sent. Select “Edit” to change it.',
    'not-found': 'This conversation is no longer open to you.',
    other: 'The server did not take it.',
  } as Readonly<Partial<Record<ProblemCode | 'other', string>>>,
};

/** Why the server said no, in words. */
export function reasonFor(strings: Strings, code: ProblemCode | undefined): string {
  return (code && strings.reasons[code]) ?? strings.reasons.other ?? '';
}
