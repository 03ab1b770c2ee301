/** One frame of a `text/event-stream`: what may have happened, and the cursor that it leads to. */
export type Frame = {
  readonly id: string | undefined;
  /** Undefined where the frame only says where the stream stands. */
  readonly type: string | undefined;
  readonly data: string;
};

/**
 * The frames of a live answer, until it ends. A stream that says nothing for `silence` milliseconds
 * (heartbeats count) is dead, whatever the network claims, and ends as well.
 *
 * EventSource can't be used: it can't send the Authorization header.
 */
export async function* framesOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  silence: number,
): AsyncGenerator<Frame> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await withinSilence(reader.read(), silence);
      if (done) return;
      // A CR at the end of a chunk may be half of a CRLF: it stays until the next chunk tells.
      const text = (rest + value).replace(/\r\n|\r(?!$)/g, '\n');
      const frames = text.split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames.map(parse)) if (frame) yield frame;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Follows the event stream format of the HTML standard, 9.2.6. */
function parse(text: string): Frame | undefined {
  let id: string | undefined;
  let type: string | undefined;
  const data: string[] = [];
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') id = value;
    else if (field === 'event') type = value;
    else if (field === 'data') data.push(value);
  }
  return id === undefined && data.length === 0 ? undefined : { id, type, data: data.join('\n') };
}

function withinSilence<Value>(next: Promise<Value>, silence: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout>;
  const dead = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the stream fell silent')), silence);
  });
  return Promise.race([next, dead]).finally(() => clearTimeout(timer));
}
