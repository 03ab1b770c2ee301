import { plural } from './plural.ts';

/** Words of beginning a conversation. */
export const composeEnglish = {
  provider: 'Provider',
  client: 'Client',
  chooseProvider: 'Choose your provider',
  chooseClient: 'Choose a client',
  former: 'Former',
  typeName: 'Type a name',
  peopleFound: plural('en', { one: '1 person found', other: '# people found' }),
  peopleMore: plural('en', { one: '1 more: keep typing.', other: '# more: keep typing.' }),
  nobodyFound: 'Nobody of that name',
  noContactsClient:
    'There is nobody to write to yet. Messaging opens once you have booked an appointment with a provider.',
  noContactsProvider: 'There is nobody to write to yet. Clients appear here once they have booked with you.',
  notSentOffline: 'No connection. Your words are still here: try again in a moment.',
};
