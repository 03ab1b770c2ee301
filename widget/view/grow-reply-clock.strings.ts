export const replyClockEnglish = {};
