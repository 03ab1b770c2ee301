export const inboxToolsEnglish = {};
