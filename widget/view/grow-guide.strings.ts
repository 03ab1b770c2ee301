export const guideEnglish = {};
