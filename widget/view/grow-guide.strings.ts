import { plural } from './plural.ts';

/** Words of the guide to where a question belongs. */
export const guideEnglish = {
  guideBack: 'Back to your message',
  guideProvider: {
    title: 'Contact your provider for',
    how: 'Select a topic to go on with your message.',
    /** Where the clinic has no list of its own: what belongs here, and what to press. */
    any: 'Questions about your care, and whatever only your provider can answer.',
    choose: 'Go on with your message',
  },
  guideSupport: {
    title: 'Contact the Support Team for',
    how: 'Select a topic to get to the Support Team.',
    any: 'Everything else, such as your account, billing, insurance, or the portal.',
    choose: 'Contact the Support Team',
  },
  guideReplies: 'When will I hear back?',
  guideUsual: plural('en', {
    one: 'Providers typically respond within 1 business day.',
    other: 'Providers typically respond within 1–# business days.',
  }),
  guideNoReply: plural('en', {
    one: 'No response after 1 hour? Contact the Support Team. They can follow up with your provider on your behalf.',
    other:
      'No response after # hours? Contact the Support Team. They can follow up with your provider on your behalf.',
  }),
  guideUrgent:
    'For urgent needs, like delayed medication refills, let the Support Team know and they’ll escalate accordingly.',
};
