/** Two clocks of an answer: by when it usually comes, and from when on one should not go on waiting alone. */

const hour = 3_600_000;

/**
 * The day by whose end an answer usually comes, such as 2026-11-25: so many business days after the day that
 * the message was sent on, which does not count itself. They are Monday to Friday where the one who answers is,
 * so whatever was written from Friday to Sunday there counts from Monday on. Holidays are not known to us.
 */
export function answerDueBy(sentAt: string, businessDays: number, timeZone: string): string {
  const dayOf = calendarIn(timeZone);
  let moment = Date.parse(sentAt);
  let day = dayOf(moment);
  for (let left = businessDays; left > 0;) {
    // No day is as short as half a day, however clocks are changed, and one that a zone left out is never met.
    moment += 12 * hour;
    const next = dayOf(moment);
    if (next !== day && isBusinessDay(next)) left -= 1;
    day = next;
  }
  return day;
}

/** Whether that day is over in that zone. */
export function isOver(day: string, now: number, timeZone: string): boolean {
  return calendarIn(timeZone)(now) > day;
}

/** From when on the Support Team may be asked: so many hours later, by no clock on any wall. */
export function supportFrom(sentAt: string, hours: number): number {
  return Date.parse(sentAt) + hours * hour;
}

/** Tells the day of a moment in a zone, such as 2026-11-25. In a zone that this browser has not heard of, here. */
function calendarIn(timeZone: string): (moment: number) => string {
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en', { ...parts, timeZone });
  } catch {
    format = new Intl.DateTimeFormat('en', parts);
  }
  return (moment) => {
    const part = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
    return `${part['year']}-${part['month']}-${part['day']}`;
  };
}

function isBusinessDay(day: string): boolean {
  return ![0, 6].includes(new Date(day).getUTCDay());
}
