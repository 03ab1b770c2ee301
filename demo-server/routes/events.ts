import { endpoints } from '../../protocol/endpoints.ts';
import type { Api } from '../http/api.ts';
import { EventStream } from '../http/event-stream.ts';
import { coalesce } from '../live/coalesce.ts';
import type { EventHub } from '../live/event-hub.ts';
import type { LiveEvents } from '../services/live-events.ts';
import type { Sessions } from '../services/sessions.ts';

export type EventsParts = {
  readonly hub: EventHub;
  readonly liveEvents: LiveEvents;
  readonly sessions: Sessions;
  readonly now: () => number;
  /** How long a reader may take over what was written to them. */
  readonly patienceWithReaders: number;
};

/** The live stream: first connect, resume and live are one path, reading what came after a number. */
export function serveEvents(
  api: Api,
  { hub, liveEvents, sessions, now, patienceWithReaders }: EventsParts,
): void {
  api.stream(endpoints.followEvents, async ({ session }, req, res) => {
    const { personId } = session;
    const stream = new EventStream(res, patienceWithReaders);
    if (req.method === 'HEAD') {
      stream.open();
      return stream.end();
    }
    const present = await liveEvents.present(personId);
    const known = lastKnown(req.headers['last-event-id'], present);
    let cursor = known ?? present;

    const catchUp = coalesce(async () => {
      for (let mayBeMore = true; mayBeMore && stream.isOpen;) {
        const missed = await liveEvents.after(personId, cursor, present);
        if (missed.kind === 'reset') {
          cursor = missed.present;
          await stream.write([resetFrame(cursor)]);
          continue;
        }
        if (missed.events.length === 0) return;
        cursor = missed.events.at(-1)!.no;
        await stream.write(
          missed.events.map(({ no, event: { type, ...data } }) => ({ id: no, event: type, data })),
        );
        ({ mayBeMore } = missed);
      }
    });
    // A connection that fails is broken off; its client comes back and says where it was.
    const breakOff = () => stream.breakOff();
    const connection = {
      wake: () => void catchUp().catch(breakOff),
      review: () =>
        void sessions.holds(session).then((holds) => {
          if (!holds) stream.end();
        }, breakOff),
      beat: () => stream.beat(),
      end: () => stream.end(),
    };

    if (!stream.isOpen) return;
    const leave = hub.follow(personId, connection);
    const expire = setTimeout(connection.end, session.expiresAt - now());
    res.once('close', () => {
      leave();
      clearTimeout(expire);
    });
    stream.open();
    // A client that resumes is told the number it came with: the present one would have it skip what lies between.
    await stream.write([known === undefined ? resetFrame(present) : { id: cursor }]);
    // Both may have changed between the request's first look and the hub knowing of us.
    connection.review();
    connection.wake();
  });
}

const resetFrame = (present: number) => ({ id: present, event: 'reset', data: {} });

/** The number a client comes with: the present one if it has none, nothing if we never gave it. */
function lastKnown(header: string | string[] | undefined, present: number): number | undefined {
  if (header === undefined) return present;
  if (typeof header !== 'string' || !/^\d{1,15}$/.test(header)) return undefined;
  const no = Number(header);
  return no <= present ? no : undefined;
}
