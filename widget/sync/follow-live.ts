import type { Cache } from '../cache/cache.ts';
import { liveStream } from '../transport/live-stream.ts';
import type { MessagesApi } from '../transport/messages-api.ts';
import { SyncLoop, type SyncListener } from './sync-loop.ts';

export { PageWatch } from './page-watch.ts';

/** A loop that keeps this cache equal to the server, yet to be run. All of it is fetched after the first screen. */
export function followLive(cache: Cache, api: MessagesApi, listener: SyncListener): SyncLoop {
  return new SyncLoop(cache, api, (cursor, signal) => liveStream(api.requester, cursor, signal), listener);
}
