import { expect } from '@open-wc/testing';
import { answerDueBy, isOver, supportFrom } from '../../../widget/view/reply-times.ts';

/** What a calendar and a clock on the wall show there: Fri 2026-11-20 23:59. */
function wall(moment: string | number, timeZone: string): string {
  const options = { timeZone, dateStyle: 'short', timeStyle: 'short' } as const;
  const when = new Date(moment);
  const weekday = when.toLocaleDateString('en-US', { timeZone, weekday: 'short' });
  return `${weekday} ${new Intl.DateTimeFormat('sv-SE', options).format(when)}`;
}

/** A day with its name: Wed 2026-11-25. */
function named(day: string): string {
  return wall(`${day}T00:00:00Z`, 'UTC').slice(0, -6);
}

describe('an answer usually comes by', () => {
  const rows: readonly (readonly [
    zone: string,
    written: string,
    sentAt: string,
    businessDays: number,
    day: string,
  ])[] = [
    // Any week
    ['America/New_York', 'Tue 2026-11-17 10:00', '2026-11-17T15:00:00Z', 3, 'Fri 2026-11-20'],
    ['America/New_York', 'Wed 2026-11-18 10:00', '2026-11-18T15:00:00Z', 3, 'Mon 2026-11-23'],
    ['America/New_York', 'Fri 2026-11-20 09:00', '2026-11-20T14:00:00Z', 3, 'Wed 2026-11-25'],
    ['America/New_York', 'Fri 2026-11-20 23:59', '2026-11-21T04:59:59.999Z', 3, 'Wed 2026-11-25'],
    ['America/New_York', 'Sat 2026-11-21 00:00', '2026-11-21T05:00:00Z', 3, 'Wed 2026-11-25'],
    ['America/New_York', 'Sun 2026-11-22 23:59', '2026-11-23T04:59:59.999Z', 3, 'Wed 2026-11-25'],
    ['America/New_York', 'Mon 2026-11-23 00:00', '2026-11-23T05:00:00Z', 3, 'Thu 2026-11-26'],
    ['America/New_York', 'Thu 2026-11-19 20:00', '2026-11-20T01:00:00Z', 1, 'Fri 2026-11-20'],
    ['America/New_York', 'Fri 2026-11-20 12:00', '2026-11-20T17:00:00Z', 1, 'Mon 2026-11-23'],
    ['America/New_York', 'Sat 2026-11-21 12:00', '2026-11-21T17:00:00Z', 1, 'Mon 2026-11-23'],
    ['America/New_York', 'Mon 2026-11-16 12:00', '2026-11-16T17:00:00Z', 5, 'Mon 2026-11-23'],
    ['America/New_York', 'Mon 2026-11-16 12:00', '2026-11-16T17:00:00Z', 10, 'Mon 2026-11-30'],
    ['America/New_York', 'Fri 2026-11-20 12:00', '2026-11-20T17:00:00Z', 0, 'Fri 2026-11-20'],

    // Clocks go forward: a Sunday of 23 hours, in Cairo a Friday
    ['America/New_York', 'Fri 2026-03-06 17:00', '2026-03-06T22:00:00Z', 1, 'Mon 2026-03-09'],
    ['America/New_York', 'Sat 2026-03-07 23:30', '2026-03-08T04:30:00Z', 1, 'Mon 2026-03-09'],
    ['America/New_York', 'Sun 2026-03-08 01:59', '2026-03-08T06:59:00Z', 3, 'Wed 2026-03-11'],
    ['America/New_York', 'Sun 2026-03-08 03:00', '2026-03-08T07:00:00Z', 3, 'Wed 2026-03-11'],
    ['America/New_York', 'Sun 2026-03-08 23:59', '2026-03-09T03:59:00Z', 1, 'Mon 2026-03-09'],
    ['America/New_York', 'Mon 2026-03-09 00:00', '2026-03-09T04:00:00Z', 1, 'Tue 2026-03-10'],
    ['Africa/Cairo', 'Thu 2026-04-23 23:30', '2026-04-23T21:30:00Z', 1, 'Fri 2026-04-24'],
    ['Europe/London', 'Fri 2026-03-27 23:30', '2026-03-27T23:30:00Z', 2, 'Tue 2026-03-31'],
    ['Europe/London', 'Sun 2026-03-29 23:30', '2026-03-29T22:30:00Z', 2, 'Tue 2026-03-31'],
    ['Europe/London', 'Mon 2026-03-30 00:30', '2026-03-29T23:30:00Z', 2, 'Wed 2026-04-01'],
    ['Australia/Sydney', 'Sun 2026-10-04 23:30', '2026-10-04T12:30:00Z', 2, 'Tue 2026-10-06'],
    ['Australia/Sydney', 'Mon 2026-10-05 00:00', '2026-10-04T13:00:00Z', 2, 'Wed 2026-10-07'],
    ['Australia/Lord_Howe', 'Sun 2026-10-04 23:45', '2026-10-04T12:45:00Z', 1, 'Mon 2026-10-05'],
    ['Australia/Lord_Howe', 'Mon 2026-10-05 00:00', '2026-10-04T13:00:00Z', 1, 'Tue 2026-10-06'],

    // Clocks go back: a Sunday of 25 hours, or of 24 and a half
    ['America/New_York', 'Fri 2026-10-30 18:00', '2026-10-30T22:00:00Z', 1, 'Mon 2026-11-02'],
    ['America/New_York', 'Sun 2026-11-01 01:30', '2026-11-01T05:30:00Z', 1, 'Mon 2026-11-02'],
    ['America/New_York', 'Sun 2026-11-01 01:30', '2026-11-01T06:30:00Z', 1, 'Mon 2026-11-02'],
    ['America/New_York', 'Sun 2026-11-01 23:59', '2026-11-02T04:59:00Z', 1, 'Mon 2026-11-02'],
    ['America/New_York', 'Mon 2026-11-02 00:00', '2026-11-02T05:00:00Z', 1, 'Tue 2026-11-03'],
    ['Europe/London', 'Sun 2026-10-25 00:30', '2026-10-24T23:30:00Z', 3, 'Wed 2026-10-28'],
    ['Europe/London', 'Sun 2026-10-25 23:59', '2026-10-25T23:59:00Z', 3, 'Wed 2026-10-28'],
    ['Europe/London', 'Mon 2026-10-26 00:00', '2026-10-26T00:00:00Z', 3, 'Thu 2026-10-29'],
    ['Australia/Sydney', 'Fri 2026-04-03 20:00', '2026-04-03T09:00:00Z', 1, 'Mon 2026-04-06'],
    ['Australia/Sydney', 'Sun 2026-04-05 23:30', '2026-04-05T13:30:00Z', 1, 'Mon 2026-04-06'],
    ['Australia/Sydney', 'Mon 2026-04-06 00:00', '2026-04-05T14:00:00Z', 1, 'Tue 2026-04-07'],
    ['Australia/Lord_Howe', 'Sun 2026-04-05 23:45', '2026-04-05T13:15:00Z', 1, 'Mon 2026-04-06'],
    ['Australia/Lord_Howe', 'Mon 2026-04-06 00:15', '2026-04-05T13:45:00Z', 1, 'Tue 2026-04-07'],

    // The year ends; holidays are not known
    ['America/New_York', 'Tue 2025-12-30 12:00', '2025-12-30T17:00:00Z', 3, 'Fri 2026-01-02'],
    ['America/New_York', 'Thu 2026-12-31 15:00', '2026-12-31T20:00:00Z', 3, 'Tue 2027-01-05'],
    ['America/New_York', 'Thu 2026-12-31 23:59', '2027-01-01T04:59:00Z', 1, 'Fri 2027-01-01'],
    ['America/New_York', 'Fri 2027-01-01 00:00', '2027-01-01T05:00:00Z', 1, 'Mon 2027-01-04'],
    ['Pacific/Kiritimati', 'Fri 2027-01-01 00:30', '2026-12-31T10:30:00Z', 1, 'Mon 2027-01-04'],

    // A day that not every year has
    ['America/New_York', 'Wed 2024-02-28 12:00', '2024-02-28T17:00:00Z', 1, 'Thu 2024-02-29'],
    ['America/New_York', 'Thu 2024-02-29 12:00', '2024-02-29T17:00:00Z', 1, 'Fri 2024-03-01'],
    ['America/New_York', 'Fri 2027-02-26 12:00', '2027-02-26T17:00:00Z', 1, 'Mon 2027-03-01'],
    ['America/New_York', 'Mon 2028-02-28 12:00', '2028-02-28T17:00:00Z', 3, 'Thu 2028-03-02'],

    // Far from Greenwich
    ['Asia/Kolkata', 'Thu 2026-11-19 23:45', '2026-11-19T18:15:00Z', 1, 'Fri 2026-11-20'],
    ['Asia/Kolkata', 'Fri 2026-11-20 00:15', '2026-11-19T18:45:00Z', 1, 'Mon 2026-11-23'],
    ['Asia/Kathmandu', 'Sun 2026-11-22 23:59', '2026-11-22T18:14:00Z', 3, 'Wed 2026-11-25'],
    ['Pacific/Kiritimati', 'Sun 2026-11-22 23:30', '2026-11-22T09:30:00Z', 1, 'Mon 2026-11-23'],
    ['Pacific/Kiritimati', 'Mon 2026-11-23 00:30', '2026-11-22T10:30:00Z', 1, 'Tue 2026-11-24'],
    ['Pacific/Pago_Pago', 'Fri 2026-11-20 23:00', '2026-11-21T10:00:00Z', 1, 'Mon 2026-11-23'],
    ['Pacific/Chatham', 'Mon 2026-11-23 00:00', '2026-11-22T10:15:00Z', 1, 'Tue 2026-11-24'],
    ['America/St_Johns', 'Sun 2026-11-22 23:45', '2026-11-23T03:15:00Z', 1, 'Mon 2026-11-23'],
    ['America/St_Johns', 'Mon 2026-11-23 00:15', '2026-11-23T03:45:00Z', 1, 'Tue 2026-11-24'],

    // Samoa went over the date line and had no Friday, Kwajalein no Saturday
    ['Pacific/Apia', 'Wed 2011-12-28 12:00', '2011-12-28T22:00:00Z', 1, 'Thu 2011-12-29'],
    ['Pacific/Apia', 'Wed 2011-12-28 12:00', '2011-12-28T22:00:00Z', 2, 'Mon 2012-01-02'],
    ['Pacific/Apia', 'Thu 2011-12-29 23:59', '2011-12-30T09:59:00Z', 1, 'Mon 2012-01-02'],
    ['Pacific/Apia', 'Sat 2011-12-31 00:00', '2011-12-30T10:00:00Z', 1, 'Mon 2012-01-02'],
    ['Pacific/Kwajalein', 'Fri 1993-08-20 12:00', '1993-08-21T00:00:00Z', 2, 'Tue 1993-08-24'],
  ];

  for (const [zone, written, sentAt, businessDays, day] of rows) {
    it(`${day}, where ${businessDays} business days are said on ${written} in ${zone}`, () => {
      expect(wall(sentAt, zone)).to.equal(written);
      expect(named(answerDueBy(sentAt, businessDays, zone))).to.equal(day);
    });
  }

  it('a day of this device’s zone where the browser does not know the other’s', () => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const day = answerDueBy('2026-11-20T12:00:00Z', 3, timeZone);
    expect(answerDueBy('2026-11-20T12:00:00Z', 3, 'Mars/Olympus_Mons')).to.equal(day);
  });
});

describe('a day is over', () => {
  const rows = [
    ['America/New_York', '2026-11-26T04:59:59.999Z', false],
    ['America/New_York', '2026-11-26T05:00:00Z', true],
    ['Pacific/Kiritimati', '2026-11-25T09:59:00Z', false],
    ['Pacific/Kiritimati', '2026-11-25T10:00:00Z', true],
    ['America/New_York', '2026-11-01T12:00:00Z', false],
    ['America/New_York', '2027-01-01T12:00:00Z', true],
  ] as const;
  for (const [zone, now, isExpected] of rows) {
    it(`2026-11-25 ${isExpected ? 'is' : 'is not'} at ${now} in ${zone}`, () => {
      expect(isOver('2026-11-25', Date.parse(now), zone)).to.equal(isExpected);
    });
  }
});

describe('the Support Team may be asked from', () => {
  const rows: readonly (readonly [
    zone: string,
    written: string,
    sentAt: string,
    hours: number,
    from: string,
  ])[] = [
    ['America/New_York', 'Fri 2026-11-20 19:48', '2026-11-21T00:48:00Z', 48, 'Sun 2026-11-22 19:48'],
    // Two days later an hour later, or earlier, by the clock on the wall
    ['America/New_York', 'Sat 2026-03-07 12:00', '2026-03-07T17:00:00Z', 48, 'Mon 2026-03-09 13:00'],
    ['America/New_York', 'Fri 2026-03-06 02:30', '2026-03-06T07:30:00Z', 48, 'Sun 2026-03-08 03:30'],
    ['America/New_York', 'Sat 2026-10-31 12:00', '2026-10-31T16:00:00Z', 48, 'Mon 2026-11-02 11:00'],
    ['America/New_York', 'Fri 2026-10-30 01:30', '2026-10-30T05:30:00Z', 48, 'Sun 2026-11-01 01:30'],
    ['America/New_York', 'Fri 2026-10-30 02:30', '2026-10-30T06:30:00Z', 48, 'Sun 2026-11-01 01:30'],
    ['Europe/London', 'Sat 2026-03-28 09:00', '2026-03-28T09:00:00Z', 48, 'Mon 2026-03-30 10:00'],
    ['Europe/London', 'Sat 2026-10-24 09:00', '2026-10-24T08:00:00Z', 48, 'Mon 2026-10-26 08:00'],
    ['Australia/Sydney', 'Sat 2026-04-04 12:00', '2026-04-04T01:00:00Z', 48, 'Mon 2026-04-06 11:00'],
    ['Australia/Sydney', 'Sat 2026-10-03 12:00', '2026-10-03T02:00:00Z', 48, 'Mon 2026-10-05 13:00'],
    ['Australia/Lord_Howe', 'Sat 2026-04-04 12:00', '2026-04-04T01:00:00Z', 48, 'Mon 2026-04-06 11:30'],
    ['Australia/Lord_Howe', 'Sat 2026-10-03 12:00', '2026-10-03T01:30:00Z', 48, 'Mon 2026-10-05 12:30'],
    ['America/New_York', 'Wed 2026-12-30 18:00', '2026-12-30T23:00:00Z', 48, 'Fri 2027-01-01 18:00'],
    ['Asia/Kolkata', 'Tue 2024-02-27 22:00', '2024-02-27T16:30:00Z', 48, 'Thu 2024-02-29 22:00'],
    ['Pacific/Apia', 'Thu 2011-12-29 12:00', '2011-12-29T22:00:00Z', 48, 'Sun 2012-01-01 12:00'],
    ['Pacific/Kiritimati', 'Sat 2026-11-21 08:00', '2026-11-20T18:00:00Z', 24, 'Sun 2026-11-22 08:00'],
    ['America/St_Johns', 'Sat 2026-03-07 12:00', '2026-03-07T15:30:00Z', 72, 'Tue 2026-03-10 13:00'],
  ];

  for (const [zone, written, sentAt, hours, from] of rows) {
    it(`${from}, ${hours} hours after ${written} in ${zone}`, () => {
      expect(wall(sentAt, zone)).to.equal(written);
      expect(wall(supportFrom(sentAt, hours), zone)).to.equal(from);
    });
  }
});
