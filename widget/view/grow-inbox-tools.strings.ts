import { plural } from './plural.ts';

/** Words above a provider's list. */
export const inboxToolsEnglish = {
  findClient: 'Find a client',
  clientsFound: plural('en', { one: '1 client', other: '# clients' }),
  noClient: 'No client by that name',
  writeTo: (name: string) => `Write to ${name}`,
  whichConversations: 'Which conversations',
  filters: { all: 'All', unread: 'Unread', waiting: 'Waiting for reply' },
  conversationsFound: plural('en', { one: '1 conversation', other: '# conversations' }),
  conversationsSoFar: plural('en', { one: '1 conversation so far', other: '# conversations so far' }),
  noneUnread: 'Nothing is unread.',
  noneWaiting: 'Nobody is waiting for a reply.',
  waiting: 'Waiting',
  waitingSince: (when: string) => `Waiting since ${when}`,
  looking: 'Looking…',
  lookingFailed: 'Not all conversations could be looked through.',
};
