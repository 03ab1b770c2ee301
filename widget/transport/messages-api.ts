import type { CacheKey } from '../../protocol/cache-key.ts';
import type { Me } from '../../protocol/me.ts';
import type { Message } from '../../protocol/message.ts';
import type { Contact, Thread } from '../../protocol/thread.ts';
import { ApiError } from './api-error.ts';
import type { Requester } from './request.ts';

/** A page of the inbox, newest activity first. */
export type ThreadPage = {
  readonly threads: readonly Thread[];
  readonly unread: number;
  readonly next?: string;
};

/** A run of messages in rising seq. */
export type MessagePage = { readonly messages: readonly Message[]; readonly hasMore: boolean };

/** Which messages: the newest below `before`, the oldest above `after`, or the newest of all. */
export type MessageRange = {
  readonly before?: number;
  readonly after?: number;
  readonly limit?: number;
};

/** Every route of the contract that is asked for an answer, one method each. All reject with ApiError. */
export class MessagesApi {
  /** What all of them ask by, for whoever asks for more. */
  readonly requester: Requester;

  constructor(requester: Requester) {
    this.requester = requester;
  }

  me(): Promise<Me> {
    return this.#get('/v1/me');
  }

  async contacts(): Promise<readonly Contact[]> {
    return (await this.#get<{ contacts: readonly Contact[] }>('/v1/contacts')).contacts;
  }

  /** The list from `cursor` on, or from its top. */
  threads(cursor = '', limit?: number): Promise<ThreadPage> {
    return this.#get(`/v1/threads${query({ cursor: cursor || undefined, limit })}`);
  }

  thread(threadId: string): Promise<Thread> {
    return this.#get(threadPath(threadId));
  }

  openThread(personId: string): Promise<Thread> {
    return this.requester.json('/v1/threads', { method: 'POST', body: { personId } }) as Promise<Thread>;
  }

  messages(threadId: string, range: MessageRange = {}): Promise<MessagePage> {
    return this.#get(`${threadPath(threadId)}/messages${query(range)}`);
  }

  /** Sends, as often as need be: the same id is the same message. Attachments are ids of finished uploads. */
  async send(
    threadId: string,
    messageId: string,
    text: string,
    attachments?: readonly (string | undefined)[],
    signal?: AbortSignal,
  ): Promise<Message> {
    const path = `${threadPath(threadId)}/messages/${encodeURIComponent(messageId)}`;
    const answer = (await this.requester.json(path, {
      method: 'PUT',
      body: { text, attachments },
      signal,
    })) as Partial<Message>;
    // Only an answer that names the message says that it is there; a proxy's "ok" does not.
    if (answer?.id !== messageId || !Number.isInteger(answer.seq) || typeof answer.text !== 'string') {
      throw new ApiError('unreachable');
    }
    return answer as Message;
  }

  markRead(threadId: string, seq: number): Promise<Thread> {
    return this.requester.json(`${threadPath(threadId)}/read`, {
      method: 'PUT',
      body: { seq },
    }) as Promise<Thread>;
  }

  cacheKey(deviceId: string): Promise<CacheKey> {
    return this.requester.json(cacheKeyPath(deviceId), { method: 'PUT' }) as Promise<CacheKey>;
  }

  async shredKey(deviceId: string): Promise<void> {
    await this.requester.json(cacheKeyPath(deviceId), { method: 'DELETE' });
  }

  #get<Answer>(path: string): Promise<Answer> {
    return this.requester.json(path) as Promise<Answer>;
  }
}

function threadPath(threadId: string): string {
  return `/v1/threads/${encodeURIComponent(threadId)}`;
}

function cacheKeyPath(deviceId: string): string {
  return `/v1/devices/${encodeURIComponent(deviceId)}/cache-key`;
}

function query(values: Readonly<Record<string, string | number | undefined>>): string {
  // JSON leaves out what is not given.
  const given = JSON.parse(JSON.stringify(values)) as Record<string, string>;
  return `?${new URLSearchParams(given)}`;
}
