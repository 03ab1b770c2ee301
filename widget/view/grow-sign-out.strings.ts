/** Words of asking before what was not sent is erased. */
export const signOutEnglish = {
  signOutAsk: 'Sign out?',
  signOutUnsent: 'Some of what you wrote has not been sent. Signing out erases it from this device for good.',
  signOutCrisis: 'Crisis support, before you sign out',
  signOutStay: 'Stay signed in',
  signOutErase: 'Erase it and sign out',
};
