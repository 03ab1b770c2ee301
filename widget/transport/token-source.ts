import { ApiError } from './api-error.ts';
import type { Fetch } from './fetch.ts';

/** Why the page is asked for a token: we have none yet, or the one we had no longer counts. */
export type TokenReason = 'start' | 'expired';

/** How the page hands out its sessions. One of the three is enough; the first that is there is used. */
export type TokenSettings = {
  readonly getToken?: ((request: { reason: TokenReason }) => Promise<string>) | undefined;
  readonly tokenUrl?: string | undefined;
  readonly token?: string | undefined;
};

const answerWithin = 30_000;

/** Knows the present session token, and asks the page for another, once at a time. In memory only. */
export class TokenSource {
  #settings: TokenSettings;
  readonly #fetch: Fetch;
  #token: string | undefined;
  #asking: Promise<string> | undefined;

  constructor(settings: TokenSettings, fetch: Fetch) {
    this.#settings = settings;
    this.#fetch = fetch;
  }

  /** The present token. Rejects with `signed-out` where the page has none to give. */
  async current(): Promise<string> {
    return this.#token ?? this.#ask('start');
  }

  /** Another token than `stale`, which the server would not take. */
  async renewed(stale: string): Promise<string> {
    if (this.#token !== undefined && this.#token !== stale) return this.#token;
    this.#token = undefined;
    const token = await this.#ask('expired');
    if (token === stale) throw new ApiError('signed-out', 'session-expired');
    return token;
  }

  /** The page has another token, before it was asked. */
  offer(token: string): void {
    this.#settings = { ...this.#settings, token };
    this.#token = token;
  }

  /** Forgets the token. The next request asks the page again. */
  forget(): void {
    this.#token = undefined;
  }

  #ask(reason: TokenReason): Promise<string> {
    this.#asking ??= this.#fromPage(reason)
      .then((token) => (this.#token = token))
      .finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #fromPage(reason: TokenReason): Promise<string> {
    const { getToken, tokenUrl, token } = this.#settings;
    const found = getToken
      ? await answerOf(getToken, reason)
      : tokenUrl
        ? await this.#fromUrl(tokenUrl)
        : token;
    if (typeof found !== 'string' || found === '') throw new ApiError('signed-out', 'unauthenticated');
    return found;
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
