import type { HttpRequest, HttpResponse } from 'tus-js-client';
import Upload from 'tus-js-client/lib/upload.js';
import type { Problem } from '../../protocol/problem.ts';
import { ApiError } from './api-error.ts';
import { FileRefused } from './file-refused.ts';
import { inTime } from './in-time.ts';
import { accepted, type Ask, type Requester } from './request.ts';

/** One file on its way to the server. */
export type Sending = {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Blob;
  /** What the server calls it, where it has begun to take it before. */
  readonly uploadId: string | undefined;
  readonly signal: AbortSignal;
  /** The server has begun to take it, under this id: from there it can be taken up again. */
  readonly onBegun: (uploadId: string) => void;
  /** So many of its bytes the server has. */
  readonly onProgress: (received: number) => void;
};

/**
 * How much is sent in one request. It says how far a file has come, so it is to be answered every few seconds
 * on any line, and by few requests on a good one.
 */
const portion = { first: 2 ** 18, least: 2 ** 16, most: 2 ** 22 };

/** Answered sooner than this, the next portion is larger; later than that, smaller. Milliseconds. */
const soon = 1_500;
const late = 8_000;

/** How long one portion may take before its connection counts as lost. */
const answerWithin = 120_000;

/** Answers of tus that say nothing about the file: where it stands is to be asked again. */
const outOfStep: readonly number[] = [404, 409, 410, 423, 460];

/** Sends files by tus 1.0, each one whole or not at all; the id it has then is that of the attachment. */
export class UploadClient {
  readonly #requester: Requester;

  constructor(requester: Requester) {
    this.#requester = requester;
  }

  /**
   * Sends what the server does not have of a file yet, and resolves with its id once all is there. Rejects
   * with ApiError, with `FileRefused` where it is the file; with whatever reading its bytes rejects with; and
   * with the signal's reason. Asked again with the id, it goes on from where it was.
   */
  async send(sending: Sending): Promise<string> {
    const { name, mediaType, bytes, uploadId, signal } = sending;
    const hash = await sha256Of(bytes);
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const options = {
        // Only the last part of an upload's address counts: no other server is ever asked.
        endpoint: 'https://api.invalid/v1/uploads',
        metadata: { filename: name, filetype: mediaType, ...(hash && { sha256: hash }) },
        chunkSize: portion.first,
        fileReader: { openFile: () => Promise.resolve(sourceOf(bytes)) },
        httpStack: {
          getName: () => '',
          createRequest: (method: string, url: string) => this.#request(method, url, signal, options),
        },
        onUploadUrlAvailable: () => sending.onBegun(idIn(upload.url)),
        onProgress: sending.onProgress,
        onSuccess: () => resolve(idIn(upload.url)),
        onError: (error: Error & { causingError?: unknown }) =>
          reject(asError(error.causingError ?? new ApiError('unreachable'))),
      };
      const upload = new Upload(bytes as File, options);
      if (uploadId !== undefined) upload.url = `${options.endpoint}/${uploadId}`;
      signal.addEventListener('abort', () => {
        void upload.abort();
        reject(asError(signal.reason));
      });
      upload.start();
    });
  }

  /** Tells the server that nobody will ask for this file again. It would find out by itself, a day later. */
  async remove(uploadId: string): Promise<void> {
    await this.#ask(pathOf(uploadId), { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } });
  }

  /** A request as the library makes it. */
  #request(method: string, url: string, signal: AbortSignal, options: { chunkSize: number }): HttpRequest {
    const headers: Record<string, string> = {};
    const ask = async (body: Blob | null): Promise<HttpResponse> => {
      const begun = performance.now();
      const path = method === 'POST' ? '/v1/uploads' : pathOf(idIn(url));
      const how = { method: method as 'PATCH', headers, ...(body && { body }) };
      const response = await inTime(
        (until) => this.#ask(path, { ...how, signal: until }),
        signal,
        answerWithin,
      ).catch((error: unknown) => {
        options.chunkSize = portion.least;
        throw error;
      });
      const taken = performance.now() - begun;
      if (body && taken < soon) options.chunkSize = Math.min(options.chunkSize * 2, portion.most);
      if (taken > late) options.chunkSize = Math.max(options.chunkSize / 2, portion.least);
      return {
        getStatus: () => response.status,
        getHeader: (name) => response.headers.get(name) ?? undefined,
        getBody: () => '',
        getUnderlyingObject: () => response,
      };
    };
    return {
      getMethod: () => method,
      getURL: () => url,
      setHeader: (name, value) => (headers[name] = value),
      getHeader: (name) => headers[name],
      setProgressHandler: () => undefined,
      send: ask as (body: unknown) => Promise<HttpResponse>,
      abort: () => Promise.resolve(),
      getUnderlyingObject: () => undefined,
    };
  }

  /** A 2xx answer, or one to HEAD that says there is no such upload. */
  #ask(path: string, ask: Ask): Promise<Response> {
    return this.#requester.response(path, ask, async (response) => {
      const isMissing = ask.method === 'HEAD' && [403, 404, 410].includes(response.status);
      if (response.ok || isMissing) return response;
      const said = response.clone();
      return accepted(response).catch(async (error: ApiError) => {
        if (error.kind !== 'refused') throw error;
        if (ask.method !== 'POST' && outOfStep.includes(response.status)) {
          throw new ApiError('unreachable', error.code);
        }
        throw new FileRefused(error.code, ((await said.json()) as Problem).detail);
      });
    });
  }
}

/** Read before they are sent: a file that can't be read any more is not a network that fails. */
function sourceOf(bytes: Blob) {
  return {
    size: bytes.size,
    slice: async (start: number, end: number) => ({
      value: new Blob([await bytes.slice(start, end).arrayBuffer()]),
      done: end >= bytes.size,
    }),
    close: () => undefined,
  };
}

/** By which the server knows that all came as it was; undefined on a page that may not reckon it. */
async function sha256Of(bytes: Blob): Promise<string | undefined> {
  // Undefined outside a secure context, whatever its type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  const hash = await subtle?.digest('SHA-256', await bytes.arrayBuffer());
  return hash && Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function idIn(url: string | null): string {
  return /[^/]*$/.exec(url ?? '')?.[0] ?? '';
}

function pathOf(uploadId: string): string {
  return `/v1/uploads/${uploadId}`;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('the upload was given up');
}
