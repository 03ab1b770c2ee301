/** Words of who can read a conversation. Each holds for every backend that keeps the contract. */
export const readersEnglish = {
  readersBack: 'Back to the conversation',
  readersTwo: 'This conversation opens in the portals of these two people, and in nobody else’s:',
  readersYou: '(you)',
  readersFacts: [
    'Others at the practice can’t open it, and neither can the Support Team.',
    'It is encrypted where it is stored. The few who run the system hold the keys, so it is not secret from them.',
    'The system records to whom it shows messages and from whom it takes them, and when; never what was said.',
    'Emails about a new message hold none of its words.',
    'What was sent stays as it is: neither of you can change or delete it.',
    'Somebody who uses your device while you are signed in sees what you see.',
  ],
};
