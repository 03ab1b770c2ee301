import { english, type Strings } from './strings.ts';

/** The words and the formats of one reader's language, where they are. */
export class Language {
  readonly locale: string | undefined;
  readonly strings: Strings;
  readonly #time: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #dayOfYear: Intl.DateTimeFormat;
  readonly #shortDay: Intl.DateTimeFormat;
  readonly #full: Intl.DateTimeFormat;
  readonly #relative: Intl.RelativeTimeFormat;
  readonly #number: Intl.NumberFormat;

  /** Without a locale, the browser's. A locale that nobody knows counts as none. */
  constructor(locale?: string, strings: Partial<Strings> = {}) {
    this.locale = known(locale);
    this.strings = { ...english, ...strings };
    this.#time = new Intl.DateTimeFormat(this.locale, { timeStyle: 'short' });
    this.#day = new Intl.DateTimeFormat(this.locale, { weekday: 'long', month: 'long', day: 'numeric' });
    this.#dayOfYear = new Intl.DateTimeFormat(this.locale, { dateStyle: 'long' });
    this.#shortDay = new Intl.DateTimeFormat(this.locale, { month: 'short', day: 'numeric' });
    this.#full = new Intl.DateTimeFormat(this.locale, { dateStyle: 'full', timeStyle: 'short' });
    this.#relative = new Intl.RelativeTimeFormat(this.locale, { numeric: 'auto' });
    this.#number = new Intl.NumberFormat(this.locale);
  }

  /** The hour of a moment: 2:05 PM. */
  time(moment: string): string {
    return this.#time.format(new Date(moment));
  }

  /** The day of a moment, as a heading: Today, Yesterday, Tuesday, November 17. */
  day(moment: string, now = new Date()): string {
    const date = new Date(moment);
    const days = daysBetween(date, now);
    if (days === 0 || days === 1) return capitalised(this.#relative.format(-days, 'day'), this.locale);
    return (date.getFullYear() === now.getFullYear() ? this.#day : this.#dayOfYear).format(date);
  }

  /** As little as tells when: the hour today, Yesterday, else the date. */
  brief(moment: string, now = new Date()): string {
    const date = new Date(moment);
    const days = daysBetween(date, now);
    if (days === 0) return this.time(moment);
    if (days === 1) return capitalised(this.#relative.format(-1, 'day'), this.locale);
    return (date.getFullYear() === now.getFullYear() ? this.#shortDay : this.#dayOfYear).format(date);
  }

  /** Day and hour, in full. */
  full(moment: string): string {
    return this.#full.format(new Date(moment));
  }

  count(value: number): string {
    return this.#number.format(value);
  }
}

/** Calendar days where the reader is; a day may have 23 or 25 hours. */
function daysBetween(earlier: Date, later: Date): number {
  const day = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((day(later) - day(earlier)) / 86_400_000);
}

function capitalised(text: string, locale: string | undefined): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

function known(locale: string | undefined): string | undefined {
  try {
    return locale ? Intl.DateTimeFormat.supportedLocalesOf(locale)[0] : undefined;
  } catch {
    return undefined;
  }
}
