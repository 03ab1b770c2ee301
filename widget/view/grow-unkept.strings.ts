/** Words of what can't be kept. */
export const unkeptEnglish = {
  unkept: 'What is not sent yet is lost when this page is closed.',
};
