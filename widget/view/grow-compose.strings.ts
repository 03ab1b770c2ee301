import { plural } from './plural.ts';

/** Words of beginning a conversation, and of why one can't: the help article's, wherever it has some. */
export const composeEnglish = {
  provider: 'Provider',
  client: 'Client',
  chooseProvider: 'Choose your provider',
  chooseClient: 'Choose a client',
  whoAppearsClient: 'Only providers you currently work with or have previously worked with appear here.',
  whoAppearsProvider: 'Clients appear here once they have booked an appointment with you.',
  current: 'Current',
  former: 'Former',
  typeName: 'Type a name',
  peopleFound: plural('en', { one: '1 person found', other: '# people found' }),
  peopleMore: plural('en', { one: '1 more: keep typing.', other: '# more: keep typing.' }),
  nobodyFound: 'Nobody of that name',
  chooseOther: 'Choose somebody else',
  nobodyYet: 'There is nobody to write to yet',
  neverBooked: 'You can’t send a message here yet',
  bookFirstClient: 'Messaging is only available once you’ve booked an appointment with a provider.',
  bookFirstProvider: 'Messaging is only available once a client has booked an appointment with you.',
  bookHow: [
    'If a provider you’re interested in has no availability, the best option is to continue checking the Grow Therapy directory for openings. You can also call the New Client Bookings team at ',
    ' for help finding a provider who’s currently accepting new clients.',
  ] as readonly [beforePhone: string, afterPhone: string],
  whyNotClient: 'Why can’t I send a message to my provider?',
  whyNotProvider: 'Why can’t I send a message to my client?',
  whyNotReasons: [
    [
      'The therapeutic relationship has ended.',
      'Once a provider relationship is inactive, messaging is no longer available.',
    ],
    [
      'There’s a technical issue.',
      'Try refreshing this device’s copy. What you wrote and haven’t sent stays.',
    ],
  ] as readonly (readonly [reason: string, hint: string])[],
  whyNotElse:
    'If neither applies and messaging still isn’t working, contact the Support Team and they can help troubleshoot.',
  notSentOffline: 'No connection. Your words are still here: try again in a moment.',
};
