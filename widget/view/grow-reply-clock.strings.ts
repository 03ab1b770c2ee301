/** Words of waiting for an answer. */
export const replyClockEnglish = {
  replyBy: (name: string, day: string) => `${name} usually replies by ${day}.`,
  noReplySince: (moment: string) => `No reply since ${moment}.`,
  noReplyHow: 'How they can help',
  noReplyHelp:
    'The Support Team can follow up with your provider on your behalf. For urgent needs like delayed medication refills, let them know and they’ll escalate accordingly.',
};
