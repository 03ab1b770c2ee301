import { english, type CoreStrings, type Strings } from './strings.ts';

/** The words and the formats of one reader's language, where they are. */
export class Language {
  readonly locale: string | undefined;
  readonly strings: CoreStrings;
  readonly #given: Partial<Strings>;
  readonly #formats = new Map<Format, Intl.DateTimeFormat>();

  /** Without a locale, the browser's. A locale that nobody knows counts as none. */
  constructor(locale?: string, strings: Partial<Strings> = {}) {
    this.locale = known(locale);
    this.#given = strings;
    this.strings = this.words(english);
  }

  /** The words of a part in this language; where it has none, the part's own. */
  words<Words extends Partial<Strings>>(own: Words): Words {
    return { ...own, ...this.#given };
  }

  get direction(): 'ltr' | 'rtl' {
    return /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/.test(this.locale ?? '') ? 'rtl' : 'ltr';
  }

  /** The hour of a moment: 2:05 PM. */
  time(moment: string): string {
    return this.#format('time', new Date(moment));
  }

  /** The day of a moment, as a heading: Today, Yesterday, Tuesday, November 17. */
  day(moment: string, now = new Date()): string {
    const date = new Date(moment);
    return this.#recent(date, now) ?? this.#format(isSameYear(date, now) ? 'day' : 'dayOfYear', date);
  }

  /** As little as tells when: the hour today, Yesterday, else the date. */
  brief(moment: string, now = new Date()): string {
    const date = new Date(moment);
    if (daysBetween(date, now) === 0) return this.time(moment);
    return (
      this.#recent(date, now) ?? this.#format(isSameYear(date, now) ? 'shortDay' : 'shortDayOfYear', date)
    );
  }

  /** Day and hour, in full. */
  full(moment: string): string {
    return this.#format('full', new Date(moment));
  }

  count(value: number): string {
    return value.toLocaleString(this.locale);
  }

  /** Today or Yesterday, where it is one of them. */
  #recent(date: Date, now: Date): string | undefined {
    const days = daysBetween(date, now);
    if (days !== 0 && days !== 1) return undefined;
    const text = new Intl.RelativeTimeFormat(this.locale, { numeric: 'auto' }).format(-days, 'day');
    return text.charAt(0).toLocaleUpperCase(this.locale) + text.slice(1);
  }

  /** A format takes the browser milliseconds to make, so each is made when it is first needed. */
  #format(name: Format, date: Date): string {
    let format = this.#formats.get(name);
    if (!format) this.#formats.set(name, (format = new Intl.DateTimeFormat(this.locale, formats[name])));
    return format.format(date);
  }
}

type Format = keyof typeof formats;

const formats = {
  time: { timeStyle: 'short' },
  day: { weekday: 'long', month: 'long', day: 'numeric' },
  dayOfYear: { dateStyle: 'long' },
  shortDay: { month: 'short', day: 'numeric' },
  shortDayOfYear: { dateStyle: 'medium' },
  full: { dateStyle: 'full', timeStyle: 'short' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

function isSameYear(date: Date, now: Date): boolean {
  return date.getFullYear() === now.getFullYear();
}

/** Calendar days where the reader is; a day may have 23 or 25 hours. */
export function daysBetween(earlier: Date, later: Date): number {
  const day = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((day(later) - day(earlier)) / 86_400_000);
}

function known(locale: string | undefined): string | undefined {
  try {
    return locale ? Intl.DateTimeFormat.supportedLocalesOf(locale)[0] : undefined;
  } catch {
    return undefined;
  }
}
