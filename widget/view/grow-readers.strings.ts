export const readersEnglish = {};
