/** Words of putting everything out of sight, and of coming back to it. */
export const quickHideEnglish = {
  hideNow: 'Hide now',
  hideByKey: 'Esc twice hides it too',
  hidesSoon: 'This hides itself within a minute. Press a key, tap or move the pointer to go on.',
  hidden: 'Out of sight',
  hiddenHint: 'Nothing is shown until you come back. What you wrote is kept.',
  show: 'Show messages',
};
