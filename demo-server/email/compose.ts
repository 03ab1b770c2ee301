import type { SendMailOptions } from 'nodemailer';
import { isAddress } from './address.ts';
import type { Mail } from './mailer.ts';
import { letterFor } from './templates.ts';

/** What every mail has of the portal that sends it. */
export type Sender = {
  /** An address alone: a name beside it would be the practice's. */
  readonly from: string;
  readonly portalUrl: URL;
};

/** A mail, ready for whoever makes bytes of it; undefined where it is addressed to what is no address. */
export function compose(mail: Mail, { from, portalUrl }: Sender): SendMailOptions | undefined {
  const { id, to, role, locale, threadId } = mail;
  if (!isAddress(to)) return undefined;
  const letter = letterFor(role, locale, linkTo(threadId, portalUrl));
  return {
    from: { name: letter.from, address: from },
    to: { name: '', address: to },
    envelope: { from, to: [to] },
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    xMailer: false,
    headers: {
      // So that no machine answers: not one on holiday, not one that reports where a mail was read.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': letter.language,
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Where the portal opens a thread, after login. What its address has of its own stays. */
function linkTo(threadId: string, portalUrl: URL): string {
  const link = new URL(portalUrl);
  link.searchParams.set('thread', threadId);
  return link.href;
}
