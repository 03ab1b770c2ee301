export type Frame = { readonly id?: string; readonly event?: string; readonly data?: unknown };

/** A live stream as a test reads it: frame by frame, in order. */
export type TestStream = {
  readonly response: Response;
  /** The next frame that is no comment; undefined once the stream has ended. */
  readonly next: () => Promise<Frame | undefined>;
  /** The next event of a kind, past all others. */
  readonly nextOf: (event: string) => Promise<Frame & { readonly data: Record<string, unknown> }>;
  /** Resolves when the server has ended it. */
  readonly ended: Promise<void>;
  readonly close: () => void;
};

export async function openStream(url: string, headers: Record<string, string>): Promise<TestStream> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const frames = response.body === null ? empty() : read(response.body);
  const queue: Frame[] = [];
  const waiting: ((frame: Frame | undefined) => void)[] = [];
  let isOver = false;

  const ended = (async () => {
    try {
      for await (const frame of frames) {
        const taker = waiting.shift();
        if (taker === undefined) queue.push(frame);
        else taker(frame);
      }
    } catch {
      // Cut, by us or by the server: over is over.
    }
    isOver = true;
    for (const taker of waiting.splice(0)) taker(undefined);
  })();

  const next = () =>
    new Promise<Frame | undefined>((resolve) => {
      const frame = queue.shift();
      if (frame !== undefined || isOver) resolve(frame);
      else waiting.push(resolve);
    });

  return {
    response,
    next,
    ended,
    close: () => abort.abort(),
    async nextOf(event) {
      for (;;) {
        const frame = await next();
        if (frame === undefined) throw new Error(`The stream ended before there was a "${event}".`);
        if (frame.event === event) return frame as Frame & { data: Record<string, unknown> };
      }
    },
  };
}

async function* empty(): AsyncGenerator<Frame> {}

async function* read(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const frame = frameOf(block);
      if (frame !== undefined) yield frame;
    }
  }
}

function frameOf(block: string): Frame | undefined {
  const fields: Record<string, string> = {};
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
  }
  const { id, event, data } = fields;
  if (id === undefined && event === undefined && data === undefined) return undefined;
  return {
    ...(id !== undefined && { id }),
    ...(event !== undefined && { event }),
    ...(data !== undefined && { data: JSON.parse(data) as unknown }),
  };
}
