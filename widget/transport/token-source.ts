import { ApiError, retryAfterOf } from './api-error.ts';
import type { Fetch } from './fetch.ts';
import { inTime } from './in-time.ts';
import { reconnectWaits, retryDelay } from './retry-delay.ts';
import { subjectOf } from './token-subject.ts';

/** Why the page is asked for a token: we have none yet, or the one we had no longer counts. */
export type TokenReason = 'start' | 'expired';

/** How the page hands out its sessions. One of the three is enough; the first that is there is used. */
export type TokenSettings = {
  readonly getToken?: ((request: { reason: TokenReason }) => Promise<string>) | undefined;
  readonly tokenUrl?: string | undefined;
  readonly token?: string | undefined;
};

/**
 * Knows the present session token of one person's visit, and asks the page for another, once at a time. A page
 * that can't be reached is left in peace for growing waits, however many ask here. In memory only.
 */
export class TokenSource {
  readonly #settings: TokenSettings;
  readonly #fetch: Fetch;
  #token: string | undefined;
  /** The last one that no longer counts: what follows it is the same person's. */
  #stale = '';
  /** How often in a row the page could not be reached, and until when it is not asked. By the steady clock. */
  #failures = 0;
  #restsUntil = 0;
  #asking: Promise<string> | undefined;
  #isOver = false;

  constructor(settings: TokenSettings, fetch: Fetch) {
    this.#settings = settings;
    this.#fetch = fetch;
    if (!settings.getToken && !settings.tokenUrl) this.#token = settings.token;
  }

  /** The present token. Rejects with `signed-out` where the page has none to give. */
  async current(): Promise<string> {
    return this.#token ?? (this.#asking ??= this.#fromPage().finally(() => (this.#asking = undefined)));
  }

  /** Another token than `stale`, which the server would not take. Another person's is none. */
  async renewed(stale: string): Promise<string> {
    if (this.#token === stale) {
      this.#stale = stale;
      this.#token = undefined;
    }
    return this.current();
  }

  /** The network is back, or a person asks: the page is asked at once where it could not be reached. */
  hurry(): void {
    this.#restsUntil = 0;
  }

  /** The page has another token, before it was asked. */
  offer(token: string): void {
    this.#token = token;
  }

  /** The visit is over. What was begun in it gets no token any more: the next may be another person's. */
  end(): void {
    this.#isOver = true;
    this.#token = undefined;
  }

  async #fromPage(): Promise<string> {
    const stale = this.#stale;
    const found = this.#isOver ? undefined : await this.#found(stale ? 'expired' : 'start');
    const isAnother = stale && (found === stale || subjectOf(found) !== subjectOf(stale));
    if (this.#isOver || typeof found !== 'string' || !found || isAnother) {
      throw new ApiError('signed-out', 'unauthenticated');
    }
    this.#failures = 0;
    return (this.#token = found);
  }

  /** What the page says. Where it does not answer, whoever comes before it is asked again hears the same. */
  async #found(reason: TokenReason): Promise<string | undefined> {
    const { getToken, tokenUrl, token } = this.#settings;
    const rest = this.#restsUntil - performance.now();
    if (rest >= 1) throw new ApiError('unreachable', undefined, rest);
    try {
      return await (getToken
        ? answerOf(getToken, reason)
        : tokenUrl
          ? inTime((signal) => this.#fromUrl(tokenUrl, signal))
          : token);
    } catch (error) {
      const { retryAfter: wait = retryDelay(++this.#failures, reconnectWaits) } = error as Partial<ApiError>;
      this.#restsUntil = performance.now() + wait;
      throw new ApiError('unreachable', undefined, wait);
    }
  }

  /** The portal's cookie says who is there. Only its own 401 or 403 means that nobody is. */
  async #fromUrl(url: string, signal: AbortSignal): Promise<string | undefined> {
    const response = await this.#fetch(url, { credentials: 'include', cache: 'no-store', signal });
    if (response.status === 401 || response.status === 403) return undefined;
    if (!response.ok) throw new ApiError('unreachable', undefined, retryAfterOf(response));
    const body = (await response.json().catch(() => undefined)) as { token?: string } | undefined;
    return body?.token;
  }
}

/** A page's function may also throw, or give a token at once, whatever it promised. */
async function answerOf(getToken: NonNullable<TokenSettings['getToken']>, reason: TokenReason) {
  try {
    return await getToken({ reason });
  } catch (error) {
    // That is what fetch says where nobody answers: it tells nothing about who is signed in.
    if (error instanceof TypeError) throw error;
    return undefined;
  }
}
