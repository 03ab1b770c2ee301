import type { Moment } from '../storage/storage.ts';

/** What a thread knows of one of its two, as far as emails to them go by it. */
export type Quiet = {
  /** When they last sent or read there. */
  readonly activeAt: Moment | null;
  /** When an email about it last went to them. */
  readonly emailedAt: Moment | null;
};

/**
 * The rule, whole. Per thread and recipient, for each message that the recipient has not read:
 *
 *     due = latest of ( sent at,
 *                       recipient's last activity in this thread + 5 minutes,
 *                       last email to them about this thread + 5 minutes )
 *
 * The first line is "You'll receive an email notification each time your provider sends a new message". The
 * second is the one exception: "if you and your provider are chatting in real time, you won't receive a separate
 * email notification for each reply. After five minutes of inactivity from either party, an email notification is
 * sent automatically". The third makes of a burst one email now and one that gathers the rest.
 *
 * What is due first takes the later ones along: by then they have been sent, and the rest is the same for all.
 */
export function dueAt(sentAt: Moment, { activeAt, emailedAt }: Quiet, quietTime: number): Moment {
  return Math.max(sentAt, (activeAt ?? -Infinity) + quietTime, (emailedAt ?? -Infinity) + quietTime);
}
