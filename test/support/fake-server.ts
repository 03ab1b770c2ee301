import { http } from 'msw';
import { setupWorker } from 'msw/browser';
import { endpoints, type Endpoint } from '../../protocol/endpoints.ts';
import { limits, pageSize } from '../../protocol/limits.ts';
import type { CacheKey } from '../../protocol/cache-key.ts';
import type { LiveEvent } from '../../protocol/live-event.ts';
import type { Me } from '../../protocol/me.ts';
import { newMessageSchema, type Message, type NewMessage } from '../../protocol/message.ts';
import type { Correspondent } from '../../protocol/person.ts';
import { problemStatus, type Problem, type ProblemCode } from '../../protocol/problem.ts';
import type { RelationshipStatus } from '../../protocol/relationship.ts';
import type { Contact, Thread } from '../../protocol/thread.ts';
import { fileRouteOf, FakeUploads, type FileRoute } from './fake-uploads.ts';
import { aMe, aMessage, aProvider, messagesFrom, threadId } from './message-builders.ts';

/** The routes that the widget asks, by their names in the contract, and the portal's own for tokens. */
export type Route = keyof typeof endpoints | FileRoute | 'token';

/** A request as it came in. */
export type Asked = {
  readonly route: Route;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Headers;
  readonly body: unknown;
};

/** Answers in place of the server, once it was asked; `proceed` is what the server would have said. */
export type Answer = (asked: Asked, proceed: () => Response) => Response | Promise<Response>;

/** A conversation as the server keeps it. */
type Conversation = {
  readonly id: string;
  with: Correspondent;
  status: RelationshipStatus;
  readonly messages: Message[];
  readSeq: number;
  theirReadSeq: number;
};

/** An open live connection. */
type Stream = { readonly write: (text: string) => void; readonly end: () => void };

type Happened = { readonly cursor: number; readonly event: LiveEvent };

/** A backend in memory that speaks the contract to one signed-in person, and does as a test says. */
export class FakeServer {
  /** How long a request takes to get here, and its answer to get back. */
  static onTheWay = async (): Promise<void> => {};

  readonly apiUrl = 'https://messages.test';
  readonly tokenUrl = 'https://portal.test/session/messages-token';

  me: Me = aMe();
  /** Files that came in, and those on their way. */
  readonly files = new FakeUploads();
  isOffline = false;
  isSignedIn = true;

  /** Every request, in the order they came. */
  readonly asked: Asked[] = [];

  readonly #conversations = new Map<string, Conversation>();
  readonly #contacts: Contact[] = [];
  readonly #happened: Happened[] = [];
  readonly #streams = new Set<Stream>();
  readonly #answers: { readonly route: Route; readonly answer: Answer; readonly isForAll: boolean }[] = [];
  readonly #held = new Set<() => void>();
  readonly #watchers = new Set<() => void>();
  #cursor = 100;
  #oldestCursor = 0;
  #token = 1;
  #keys = new Map<string, CacheKey>();
  #unanswered = 0;
  #clock: number;

  /** What is said is said from this moment on. */
  constructor(clock = Date.UTC(2026, 2, 3, 15, 0)) {
    this.#clock = clock;
  }

  /** The network of a client that is given one. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    return this.answer(request);
  };

  // What there is

  /** A thread with this many messages, theirs and mine in turn, all read but the last `unread`. */
  addThread({
    id = threadId,
    other = aProvider(),
    status = 'current',
    messages = 3,
    unread = 0,
  }: {
    readonly id?: string;
    readonly other?: Correspondent;
    readonly status?: RelationshipStatus;
    readonly messages?: number | readonly Message[];
    readonly unread?: number;
  } = {}): Thread {
    const said = typeof messages === 'number' ? messagesFrom(1, messages, { threadId: id }) : messages;
    const mine = said.map((message) => ({
      ...message,
      id: `${id.slice(0, 8)}${message.id.slice(8)}`,
      threadId: id,
      senderId: message.senderId === 'ana' ? this.me.person.id : other.id,
    }));
    const readSeq = mine.length - unread;
    this.#conversations.set(id, {
      id,
      with: other,
      status,
      messages: mine,
      readSeq,
      theirReadSeq: 0,
    });
    if (status !== 'ended') this.addContact(other, { status, threadId: id });
    return this.thread(id);
  }

  addContact(person: Correspondent, more: Partial<Contact> = {}): void {
    this.#contacts.push({ person, status: 'current', ...more });
  }

  thread(id = threadId): Thread {
    const found = this.#find(id);
    const { messages, readSeq, theirReadSeq, status } = found;
    const theirs = messages.filter(({ senderId, seq }) => senderId === found.with.id && seq > readSeq);
    const [clientId, providerId] =
      found.with.role === 'provider'
        ? [this.me.person.id, found.with.id]
        : [found.with.id, this.me.person.id];
    const answered = messages.findLastIndex(({ senderId }) => senderId === providerId);
    const unanswered = messages.slice(answered + 1).find(({ senderId }) => senderId === clientId);
    return {
      id,
      with: found.with,
      status,
      canSend: status !== 'ended',
      lastSeq: messages.length,
      readSeq,
      theirReadSeq,
      unread: theirs.length,
      lastMessage: messages.at(-1) ?? null,
      awaitingReplySince: unanswered?.sentAt ?? null,
    };
  }

  messages(id = threadId): readonly Message[] {
    return this.#find(id).messages;
  }

  /** Every thread, newest activity first. */
  get threads(): readonly Thread[] {
    return [...this.#conversations.keys()]
      .map((id) => this.thread(id))
      .sort((a, b) => Number(sentAt(a) < sentAt(b)) - Number(sentAt(a) > sentAt(b)));
  }

  get openStreams(): number {
    return this.#streams.size;
  }

  /** How many requests wait for an answer that will come: those that are held wait for us. */
  get unanswered(): number {
    return this.#unanswered;
  }

  askedFor(route: Route): readonly Asked[] {
    return this.asked.filter((asked) => asked.route === route);
  }

  /** Resolves once the condition holds; it is looked at with every request. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watchers.add(resolve));
  }

  // What happens

  /** The other person says something. */
  say(text: string, id = threadId): Message {
    const conversation = this.#find(id);
    const seq = conversation.messages.length + 1;
    const message = aMessage({
      id: crypto.randomUUID(),
      threadId: id,
      seq,
      senderId: conversation.with.id,
      text,
      sentAt: this.#now(),
    });
    conversation.messages.push(message);
    this.tell({ type: 'message', threadId: id, seq, messageId: message.id });
    return message;
  }

  /** The other person reads all there is. */
  readByOther(id = threadId): void {
    const conversation = this.#find(id);
    conversation.theirReadSeq = conversation.messages.length;
    this.tell({ type: 'read', threadId: id, seq: conversation.theirReadSeq, personId: conversation.with.id });
  }

  /** The person reads all there is, elsewhere. */
  readElsewhere(id = threadId): void {
    this.#markRead(id, this.#find(id).messages.length);
  }

  /** The portal says how the two stand. */
  relate(status: RelationshipStatus, id = threadId): void {
    this.#find(id).status = status;
    this.tell({ type: 'thread', threadId: id });
  }

  /** Something is told to all who follow. */
  tell(event: LiveEvent): void {
    const happened = { cursor: ++this.#cursor, event };
    this.#happened.push(happened);
    for (const stream of this.#streams) stream.write(frameOf(happened));
  }

  /** Forgets the live past: who comes back starts over. */
  forgetPast(): void {
    this.#happened.length = 0;
    this.#cursor += 50;
    this.#oldestCursor = this.#cursor;
  }

  heartbeat(): void {
    for (const stream of this.#streams) stream.write(': still here\n\n');
  }

  // What goes wrong

  /** The next request for this route is answered so. */
  next(route: Route, answer: Answer): void {
    this.#answers.push({ route, answer, isForAll: false });
  }

  /** Every request for this route is answered so, until the function that this returns is called. */
  always(route: Route, answer: Answer): () => void {
    const rule = { route, answer, isForAll: true };
    this.#answers.unshift(rule);
    return () => void this.#answers.splice(this.#answers.indexOf(rule), 1);
  }

  /** The next answer of this route waits, or the request itself, until the function that this returns is called. */
  hold(route: Route, what: 'answer' | 'request' = 'answer'): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held.add(resolve);
    this.next(route, async (_, proceed) => {
      const answer = what === 'answer' ? proceed() : undefined;
      this.#unanswered -= 1;
      await promise;
      this.#unanswered += 1;
      return answer ?? proceed();
    });
    return resolve;
  }

  /** Nothing waits any more. */
  letGo(): void {
    for (const goOn of this.#held) goOn();
  }

  /** The network is gone, or back. */
  setOffline(isOffline: boolean): void {
    this.isOffline = isOffline;
    if (isOffline) this.cutStreams();
  }

  cutStreams(): void {
    for (const stream of [...this.#streams]) stream.end();
  }

  /** The token that was given out last no longer counts; the portal gives out another. */
  expireToken(): void {
    this.#token += 1;
    this.cutStreams();
  }

  /** The portal's session is over. */
  signOut(): void {
    this.isSignedIn = false;
    this.expireToken();
  }

  /** Another cache key, as after the old one was shredded. */
  renewKeys(): void {
    this.#keys.clear();
  }

  // How it answers

  get token(): string {
    return `token-${this.#token}`;
  }

  async answer(request: Request, signal = request.signal): Promise<Response> {
    this.#unanswered += 1;
    try {
      return await this.#answer(request, signal);
    } finally {
      this.#unanswered -= 1;
    }
  }

  async #answer(request: Request, signal: AbortSignal): Promise<Response> {
    await FakeServer.onTheWay();
    signal.throwIfAborted();
    const asked = await readRequest(request, this.tokenUrl);
    this.asked.push(asked);
    for (const tell of [...this.#watchers]) tell();
    this.#watchers.clear();
    if (this.isOffline) throw new TypeError('Failed to fetch');
    const at = this.#answers.findIndex(({ route }) => route === asked.route);
    const rule = this.#answers[at];
    if (rule && !rule.isForAll) this.#answers.splice(at, 1);
    const proceed = () => this.#proceed(asked, signal);
    const answer = rule ? await rule.answer(asked, proceed) : proceed();
    await FakeServer.onTheWay();
    signal.throwIfAborted();
    return answer;
  }

  #proceed(asked: Asked, signal: AbortSignal): Response {
    if (asked.route === 'token') {
      return this.isSignedIn ? Response.json({ token: this.token }) : refusal('unauthenticated')();
    }
    if (asked.headers.get('Authorization') !== `Bearer ${this.token}`) return refusal('session-expired')();
    const body = asked.body as Record<string, never>;
    const { threadId: id = '', messageId = '', deviceId = '' } = asked.params;
    const query = asked.url.searchParams;
    if (id !== '' && !this.#conversations.has(id)) return refusal('not-found')();
    switch (asked.route) {
      case 'createUpload':
      case 'findUpload':
      case 'sendPart':
      case 'removeUpload':
      case 'readAttachment': {
        const { uploadId = '' } = asked.params;
        const answer = this.files.answer(asked.route, uploadId, asked.headers, asked.body);
        return answer instanceof Response ? answer : refusal(answer[0], {}, answer[1])();
      }
      case 'readMe':
        return Response.json(this.me);
      case 'listContacts':
        return Response.json({ contacts: this.#contacts });
      case 'listThreads':
        return Response.json(this.#threadPage(query));
      case 'openThread':
        return this.#openThread(body['personId'] ?? '');
      case 'readThread':
        return Response.json(this.thread(id));
      case 'listMessages':
        return Response.json(this.#messagePage(id, query));
      case 'sendMessage':
        return this.#take(id, messageId, asked.body);
      case 'markRead':
        return this.#markRead(id, body['seq'] ?? 0);
      case 'issueCacheKey':
        return Response.json(this.#keyFor(deviceId));
      case 'shredCacheKey':
        this.#keys.delete(deviceId);
        return new Response(null, { status: 204 });
      case 'followEvents':
        return this.#follow(asked.headers.get('Last-Event-ID'), signal);
      default:
        return refusal('not-found')();
    }
  }

  #threadPage(query: URLSearchParams) {
    const limit = Number(query.get('limit') ?? pageSize.default);
    const from = Number(query.get('cursor') ?? 0);
    const all = this.threads;
    const unread = all.reduce((sum, thread) => sum + thread.unread, 0);
    const next = from + limit < all.length ? { next: String(from + limit) } : {};
    return { threads: all.slice(from, from + limit), unread, ...next };
  }

  #openThread(personId: string): Response {
    const known = [...this.#conversations.values()].find((conversation) => conversation.with.id === personId);
    if (known) {
      return known.status === 'ended'
        ? refusal('relationship-ended')()
        : Response.json(this.thread(known.id), { status: 200 });
    }
    const contact = this.#contacts.find(({ person }) => person.id === personId);
    if (!contact) return refusal('not-found')();
    const id = crypto.randomUUID();
    this.#conversations.set(id, {
      id,
      with: contact.person,
      status: contact.status,
      messages: [],
      readSeq: 0,
      theirReadSeq: 0,
    });
    this.#contacts.splice(this.#contacts.indexOf(contact), 1, { ...contact, threadId: id });
    this.tell({ type: 'thread', threadId: id });
    return Response.json(this.thread(id), { status: 201 });
  }

  #messagePage(id: string, query: URLSearchParams) {
    const limit = Number(query.get('limit') ?? pageSize.default);
    const before = Number(query.get('before') ?? Infinity);
    const after = query.get('after');
    const { messages } = this.#find(id);
    if (after !== null) {
      const above = messages.filter(({ seq }) => seq > Number(after));
      return { messages: above.slice(0, limit), hasMore: above.length > limit };
    }
    const below = messages.filter(({ seq }) => seq < before);
    return { messages: below.slice(-limit), hasMore: below.length > limit };
  }

  #take(id: string, messageId: string, body: unknown): Response {
    const conversation = this.#find(id);
    const draft = newMessageSchema.safeParse(body);
    const { text = '', attachments: ids = [] } = body as Partial<NewMessage>;
    const known = conversation.messages.find((message) => message.id === messageId);
    if (known) return known.text === text ? Response.json(known) : refusal('id-reused')();
    if (text.length > limits.maxTextLength) return refusal('too-large')();
    if (!draft.success) return refusal('invalid')();
    if (conversation.status === 'ended') return refusal('relationship-ended')();
    const attachments = this.files.use(ids);
    if (!attachments) return refusal('not-found')();
    const seq = conversation.messages.length + 1;
    const message = aMessage({
      attachments: [...attachments],
      id: messageId,
      threadId: id,
      seq,
      senderId: this.me.person.id,
      text,
      sentAt: this.#now(),
    });
    conversation.messages.push(message);
    conversation.readSeq = seq;
    this.tell({ type: 'message', threadId: id, seq, messageId });
    return Response.json(message, { status: 201 });
  }

  #markRead(id: string, seq: number): Response {
    const conversation = this.#find(id);
    const readSeq = Math.min(Math.max(conversation.readSeq, seq), conversation.messages.length);
    if (readSeq > conversation.readSeq) {
      conversation.readSeq = readSeq;
      this.tell({ type: 'read', threadId: id, seq: readSeq, personId: this.me.person.id });
    }
    return Response.json(this.thread(id));
  }

  #keyFor(deviceId: string): CacheKey {
    const known = this.#keys.get(deviceId);
    if (known) return known;
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const key = {
      keyId: crypto.randomUUID(),
      key: btoa(String.fromCharCode(...bytes)),
      expiresAt: '2027-01-01T00:00:00.000Z',
    };
    this.#keys.set(deviceId, key);
    return key;
  }

  #follow(lastEventId: string | null, signal: AbortSignal): Response {
    const encoder = new TextEncoder();
    let leave = () => {};
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const stream: Stream = {
          write: (text) => controller.enqueue(encoder.encode(text)),
          end: () => {
            leave();
            controller.close();
          },
        };
        leave = () => void this.#streams.delete(stream);
        const breakOff = () => {
          if (this.#streams.delete(stream)) controller.error(signal.reason);
        };
        signal.addEventListener('abort', breakOff);
        this.#streams.add(stream);
        if (signal.aborted) return breakOff();
        this.#greet(stream, lastEventId);
      },
      cancel: () => leave(),
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  #greet(stream: Stream, lastEventId: string | null): void {
    const since = lastEventId === null ? this.#cursor : Number(lastEventId);
    if (since > this.#cursor || since < this.#oldestCursor) {
      stream.write(frameOf({ cursor: this.#cursor, event: { type: 'reset' } }));
      return;
    }
    stream.write(`id: ${since}\n\n`);
    for (const happened of this.#happened) if (happened.cursor > since) stream.write(frameOf(happened));
  }

  #find(id: string): Conversation {
    const found = this.#conversations.get(id);
    if (!found) throw new Error(`There is no thread ${id}.`);
    return found;
  }

  /** A minute later each time, so that order never hangs on how fast a test runs. */
  #now(): string {
    this.#clock += 60_000;
    return new Date(this.#clock).toISOString();
  }
}

/** The server said no, by this code. */
export function refusal(
  code: ProblemCode,
  headers: Readonly<Record<string, string>> = {},
  detail?: string,
): () => Response {
  const status = problemStatus[code];
  const problem: Problem = { type: 'about:blank', title: code, status, code, ...(detail && { detail }) };
  return () =>
    new Response(JSON.stringify(problem), {
      status,
      headers: { 'Content-Type': 'application/problem+json', ...headers },
    });
}

/** Something between us and the server answered with a page of its own. */
export function gatewayPage(status = 502, headers: Readonly<Record<string, string>> = {}): () => Response {
  return () =>
    new Response('<!doctype html><title>Gateway</title><h1>Welcome to Free Wi-Fi</h1>', {
      status,
      headers: { 'Content-Type': 'text/html', ...headers },
    });
}

/** Nobody answers. */
export function networkError(): Response {
  throw new TypeError('Failed to fetch');
}

/** The server does it, but its answer is lost on the way. */
export const lostAnswer: Answer = (_, proceed) => {
  proceed();
  return networkError();
};

const worker = setupWorker();
const signals = new Map<string, AbortSignal>();
const requestName = 'X-Request-Name';
let isWorking: Promise<unknown> | undefined;

/** Puts the server on the page's own network, in place of whichever was there before. */
export async function listen(server: FakeServer): Promise<FakeServer> {
  isWorking ??= worker.start({ quiet: true, onUnhandledFrame: 'bypass' }).then(nameRequests);
  await isWorking;
  const answer = ({ request }: { readonly request: Request }) =>
    server.answer(request, signals.get(request.headers.get(requestName) ?? '')).catch(() => Response.error());
  worker.resetHandlers(http.all(`${server.apiUrl}/*`, answer), http.all(server.tokenUrl, answer));
  return server;
}

/** A service worker is not told when a page gives up a request; this way the server is all the same. */
function nameRequests(): void {
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) => {
    if (!init?.signal) return fetch(input, init);
    const name = crypto.randomUUID();
    signals.set(name, init.signal);
    const headers = new Headers(init.headers);
    headers.set(requestName, name);
    return fetch(input, { ...init, headers });
  };
}

function sentAt({ lastMessage }: Thread): string {
  return lastMessage?.sentAt ?? '';
}

function frameOf({ cursor, event: { type, ...data } }: Happened): string {
  return `id: ${cursor}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function readRequest(request: Request, tokenUrl: string): Promise<Asked> {
  const url = new URL(request.url);
  const [fileRoute, uploadId = ''] = fileRouteOf(request.method, url.pathname) ?? [];
  if (fileRoute) {
    const body = new Uint8Array(await request.clone().arrayBuffer());
    return { url, headers: request.headers, body, route: fileRoute, params: { uploadId } };
  }
  const text = await request.clone().text();
  const asked = {
    url,
    headers: request.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
  if (request.url === tokenUrl) return { ...asked, route: 'token', params: {} };
  for (const [route, endpoint] of Object.entries(endpoints) as [keyof typeof endpoints, Endpoint][]) {
    const params = paramsOf(endpoint, request.method, url.pathname);
    if (params) return { ...asked, route, params };
  }
  throw new Error(`The contract has no ${request.method} ${url.pathname}.`);
}

function paramsOf({ method, path }: Endpoint, asked: string, pathname: string) {
  if (method.toUpperCase() !== asked) return undefined;
  const pattern = path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  const match = new RegExp(`^${pattern}$`).exec(pathname);
  return match && { ...match.groups };
}
