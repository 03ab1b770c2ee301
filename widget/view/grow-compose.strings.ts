/** Words of beginning a conversation. */
export const composeEnglish = {
  provider: 'Provider',
  client: 'Client',
  chooseProvider: 'Choose your provider',
  chooseClient: 'Choose a client',
  noContactsClient:
    'There is nobody to write to yet. Messaging opens once you have booked an appointment with a provider.',
  noContactsProvider: 'There is nobody to write to yet. Clients appear here once they have booked with you.',
  notSentOffline: 'No connection. Your words are still here: try again in a moment.',
};
