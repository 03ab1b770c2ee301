import { ApiError } from './api-error.ts';
import type { Fetch } from './fetch.ts';
import { subjectOf } from './token-subject.ts';

/** Why the page is asked for a token: we have none yet, or the one we had no longer counts. */
export type TokenReason = 'start' | 'expired';

/** How the page hands out its sessions. One of the three is enough; the first that is there is used. */
export type TokenSettings = {
  readonly getToken?: ((request: { reason: TokenReason }) => Promise<string>) | undefined;
  readonly tokenUrl?: string | undefined;
  readonly token?: string | undefined;
};

const answerWithin = 30_000;

/**
 * Knows the present session token of one person's visit, and asks the page for another, once at a time. In
 * memory only.
 */
export class TokenSource {
  readonly #settings: TokenSettings;
  readonly #fetch: Fetch;
  #token: string | undefined;
  #asking: Promise<string> | undefined;
  #isOver = false;

  constructor(settings: TokenSettings, fetch: Fetch) {
    this.#settings = settings;
    this.#fetch = fetch;
    if (!settings.getToken && !settings.tokenUrl) this.#token = settings.token;
  }

  /** The token, where it is known. */
  get present(): string | undefined {
    return this.#token;
  }

  /** The present token. Rejects with `signed-out` where the page has none to give. */
  async current(): Promise<string> {
    return this.#token ?? this.#ask('start');
  }

  /** Another token than `stale`, which the server would not take. Another person's is none. */
  async renewed(stale: string): Promise<string> {
    if (this.#token === stale) this.#token = undefined;
    const token = this.#token ?? (await this.#ask('expired'));
    if (token === stale || subjectOf(token) !== subjectOf(stale)) throw nobody('session-expired');
    return token;
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

  #ask(reason: TokenReason): Promise<string> {
    this.#asking ??= this.#fromPage(reason).finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #fromPage(reason: TokenReason): Promise<string> {
    const { getToken, tokenUrl, token } = this.#settings;
    const found = this.#isOver
      ? undefined
      : getToken
        ? await answerOf(getToken, reason)
        : tokenUrl
          ? await this.#fromUrl(tokenUrl)
          : token;
    if (this.#isOver || typeof found !== 'string' || found === '') throw nobody('unauthenticated');
    return (this.#token = found);
  }

  /** The portal's cookie says who is there. Only its own 401 or 403 means that nobody is. */
  async #fromUrl(url: string): Promise<string | undefined> {
    let response: Response;
    try {
      const signal = AbortSignal.timeout(answerWithin);
      response = await this.#fetch(url, { credentials: 'include', cache: 'no-store', signal });
    } catch {
      throw new ApiError('unreachable', 'unavailable');
    }
    if (response.status === 401 || response.status === 403) return undefined;
    if (!response.ok) throw new ApiError('unreachable', 'unavailable');
    const body = (await response.json().catch(() => undefined)) as { token?: string } | undefined;
    return body?.token;
  }
}

function nobody(code: 'unauthenticated' | 'session-expired'): ApiError {
  return new ApiError('signed-out', code);
}

/** A page's function may also throw, or give a token at once, whatever it promised. */
async function answerOf(getToken: NonNullable<TokenSettings['getToken']>, reason: TokenReason) {
  try {
    return await getToken({ reason });
  } catch (error) {
    // That is what fetch says where nobody answers: it tells nothing about who is signed in.
    if (error instanceof TypeError) throw new ApiError('unreachable', 'unavailable');
    return undefined;
  }
}
