import { expect } from '@open-wc/testing';
import { Language } from '../../../widget/view/language.ts';

const english = new Language('en-US');

/** A moment where the reader is, wherever that may be. */
const at = (year: number, month: number, day: number, hours = 0, minutes = 0) =>
  new Date(year, month, day, hours, minutes).toISOString();

describe('Language', () => {
  const now = new Date(2026, 2, 10, 12);

  it('calls today and yesterday by their names, and other days by theirs', () => {
    expect(english.day(at(2026, 2, 10, 0, 1), now)).to.equal('Today');
    expect(english.day(at(2026, 2, 9, 23, 59), now)).to.equal('Yesterday');
    expect(english.day(at(2026, 2, 8, 12), now)).to.equal('Sunday, March 8');
    expect(english.day(at(2025, 11, 31, 12), now)).to.equal('December 31, 2025');
  });

  it('says as little as tells when', () => {
    expect(english.brief(at(2026, 2, 10, 9, 5), now)).to.match(/^9:05\sAM$/);
    expect(english.brief(at(2026, 2, 9, 9, 5), now)).to.equal('Yesterday');
    expect(english.brief(at(2026, 0, 5), now)).to.equal('Jan 5');
    expect(english.brief(at(2024, 0, 5), now)).to.equal('Jan 5, 2024');
  });

  it('knows yesterday on every day of a year, also where a day has 23 or 25 hours', () => {
    for (let day = 1; day <= 366; day++) {
      const morning = new Date(2026, 0, day + 1, 0, 1);
      expect(english.day(new Date(2026, 0, day, 23, 59).toISOString(), morning)).to.equal('Yesterday');
      expect(english.day(new Date(2026, 0, day, 0, 0).toISOString(), morning)).to.equal('Yesterday');
      expect(english.day(morning.toISOString(), morning)).to.equal('Today');
    }
  });

  it('knows yesterday on New Year’s Day', () => {
    expect(english.day(at(2025, 11, 31, 23), new Date(2026, 0, 1, 1))).to.equal('Yesterday');
  });

  it('does not take tomorrow for today where the clocks differ', () => {
    expect(english.day(at(2026, 2, 11, 0, 1), now)).to.equal('Wednesday, March 11');
  });

  it('speaks the reader’s language', () => {
    const german = new Language('de-DE');
    expect(german.day(at(2026, 2, 9), now)).to.equal('Gestern');
    expect(german.count(1234.5)).to.equal('1.234,5');
    expect(new Language('ja').day(at(2026, 2, 10), now)).to.equal('今日');
  });

  for (const locale of ['', 'xx-unknown', 'not a locale', 'en_US', '💥']) {
    it(`speaks the browser’s language where the locale is ${JSON.stringify(locale)}`, () => {
      const language = new Language(locale);
      expect(language.locale).to.equal(undefined);
      expect(language.time(at(2026, 2, 10, 9, 5))).to.equal(new Language().time(at(2026, 2, 10, 9, 5)));
    });
  }

  it('takes a portal’s words for ours, and ours where it has none', () => {
    const { strings } = new Language('en', { send: 'Go' });
    expect([strings.send, strings.back]).to.deep.equal(['Go', 'Back to conversations']);
  });
});
