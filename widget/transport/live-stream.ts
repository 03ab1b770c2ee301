import type { LiveEvent } from '../../protocol/live-event.ts';
import { framesOf } from './event-stream.ts';
import { inTime } from './in-time.ts';
import type { Requester } from './request.ts';

/** What came down the live connection: where it stands, and what happened, if anything did. */
export type LiveNews = { readonly cursor: number; readonly event: LiveEvent | undefined };

/** Heartbeats are at most 25 seconds apart: a minute without one is the end. */
const silence = 60_000;

/** What happens from `cursor` on, or from now on; ends when the connection does. Rejects with ApiError. */
export async function* liveStream(
  requester: Requester,
  cursor: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<LiveNews> {
  const headers = {
    Accept: 'text/event-stream',
    ...(cursor !== undefined && { 'Last-Event-ID': String(cursor) }),
  };
  const response = await inTime(
    (opening) => requester.response('/v1/events', { headers, signal: opening }),
    signal,
  );
  if (!response.body) return;
  for await (const { id, type, data } of framesOf(response.body, silence)) {
    if (id === undefined || !/^\d+$/.test(id)) continue;
    yield { cursor: Number(id), event: type === undefined ? undefined : eventOf(type, data) };
  }
}

function eventOf(type: string, data: string): LiveEvent {
  return { ...(JSON.parse(data) as object), type } as LiveEvent;
}
