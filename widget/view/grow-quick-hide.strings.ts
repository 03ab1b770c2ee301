export const quickHideEnglish = {};
