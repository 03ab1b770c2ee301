import type { Problem } from '../../protocol/problem.ts';
import { ApiError, retryAfterOf } from './api-error.ts';
import type { Fetch } from './fetch.ts';
import { inTime } from './in-time.ts';
import type { TokenSource } from './token-source.ts';

/** What is asked of the server. */
export type Ask = {
  readonly method?: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** Bytes go as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
};

/** Asks the configured API, and only that one: adds the token, renews it once, and names what fails. */
export class Requester {
  /** The API, without a slash at its end. */
  readonly baseUrl: string;
  readonly tokens: TokenSource;
  readonly #fetch: Fetch;
  readonly #onSignedOut: () => unknown;

  /** `onSignedOut` hears of every answer that nobody is signed in, whoever asked. */
  constructor(baseUrl: string, tokens: TokenSource, fetch: Fetch, onSignedOut: () => unknown = () => {}) {
    this.baseUrl = baseUrl.replace(/\/+$/, '');
    this.tokens = tokens;
    this.#fetch = fetch;
    this.#onSignedOut = onSignedOut;
  }

  /** The JSON of a 2xx answer; undefined where it has no body. Rejects with ApiError alone. */
  json(path: string, ask: Ask = {}): Promise<unknown> {
    return inTime(async (signal): Promise<unknown> => {
      const response = await this.response(path, { ...ask, signal });
      if (response.status === 204) return undefined;
      try {
        return await response.json();
      } catch {
        // Cut off on the way, or a captive portal's page: nobody of ours has answered.
        throw new ApiError('unreachable');
      }
    }, ask.signal);
  }

  /**
   * A 2xx answer, its body not read yet, or whatever `look` makes of any. Rejects with ApiError where nobody
   * answers, nobody is signed in or the answer is another.
   */
  async response(path: string, ask: Ask = {}, look = accepted): Promise<Response> {
    try {
      const token = await this.tokens.current();
      let response = await this.#attempt(path, ask, token);
      if (response.status === 401)
        response = await this.#attempt(path, ask, await this.tokens.renewed(token));
      return await look(response);
    } catch (error) {
      if ((error as Partial<ApiError>).kind === 'signed-out') this.#onSignedOut();
      throw error;
    }
  }

  async #attempt(path: string, { method = 'GET', body, headers, signal }: Ask, token: string) {
    try {
      return await this.#fetch(this.baseUrl + path, {
        method,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        headers: {
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
          Authorization: `Bearer ${token}`,
        },
        body: body instanceof Blob ? body : JSON.stringify(body),
        signal: signal ?? null,
      });
    } catch {
      throw new ApiError('unreachable');
    }
  }
}

/** The answer, where it is 2xx; else rejects with what it says. */
export async function accepted(response: Response): Promise<Response> {
  if (response.ok) return response;
  const code = await codeOf(response);
  if (response.status === 401) throw new ApiError('signed-out', code ?? 'session-expired');
  // A no without our code is a gateway's, not the server's: the same request may still be taken.
  if (code === undefined || response.status >= 500 || response.status === 429) {
    throw new ApiError('unreachable', code, retryAfterOf(response));
  }
  throw new ApiError('refused', code);
}

async function codeOf(response: Response): Promise<Problem['code'] | undefined> {
  if (!response.headers.get('Content-Type')?.includes('application/problem+json')) return undefined;
  const problem = (await response.json().catch(() => undefined)) as Partial<Problem> | undefined;
  return problem?.code;
}
