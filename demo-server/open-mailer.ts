import type { Logger } from 'pino';
import { type Config, isLoopback } from './config.ts';
import type { Mailer } from './email/mailer.ts';
import { SmtpMailer } from './email/smtp-mailer.ts';

/** Whoever hands mails on by this configuration; nobody where it names no mail server, and the log says so. */
export function openMailer({ smtpUrl, emailFrom, portalUrl }: Config, log: Logger): Mailer | undefined {
  if (smtpUrl === undefined || emailFrom === undefined || portalUrl === undefined) {
    log.warn({ email: 'off' }, 'SMTP_URL is not set: no mail is sent.');
    return undefined;
  }
  return new SmtpMailer({
    url: smtpUrl,
    from: emailFrom,
    portalUrl,
    isEncrypted: smtpUrl.protocol === 'smtps:' || !isLoopback(smtpUrl.hostname),
    report: (email) => log.warn({ email }),
  });
}
