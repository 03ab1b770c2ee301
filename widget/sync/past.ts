import type { LiveNews } from '../transport/live-stream.ts';

/** How much is kept. Who missed more starts over. */
const longest = 200;

/** The last of what the live stream told, without a gap, for whoever comes to hear it later. */
export class Past {
  #news: LiveNews[] = [];
  #since: number | undefined;

  /** Up to where it goes; undefined where nothing was ever told. */
  get end(): number | undefined {
    return this.#news.at(-1)?.cursor ?? this.#since;
  }

  /** Adds what followed on `after`. Where that is not the end of what is known, it begins anew. */
  add(news: LiveNews, after: number): void {
    const place = isHappening(news) ? after : news.cursor;
    if (place !== this.end || news.event?.type === 'reset') {
      this.#since = place;
      this.#news = [];
    }
    if (!isHappening(news)) return;
    this.#news.push(news);
    if (this.#news.length > longest) this.#since = this.#news.shift()?.cursor;
  }

  /** What came after this cursor, or undefined where that is not known. */
  after(cursor: number | undefined): readonly LiveNews[] | undefined {
    const { end } = this;
    if (cursor === undefined || end === undefined || this.#since === undefined) return undefined;
    return cursor >= this.#since && cursor <= end
      ? this.#news.filter((news) => news.cursor > cursor)
      : undefined;
  }
}

/** Whether it tells of something that happened, and not of where the stream stands or begins anew. */
export function isHappening({ event }: LiveNews): boolean {
  return event !== undefined && event.type !== 'reset';
}
