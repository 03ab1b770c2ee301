import { createHash } from 'node:crypto';
import { endpoints } from '../../protocol/endpoints.ts';
import { answer, type Api } from '../http/api.ts';
import type { Messaging } from '../services/messaging.ts';

export function serveThreads(api: Api, messaging: Messaging): void {
  api.serve(endpoints.listThreads, async ({ session, query: { limit, cursor } }) => {
    const below = cursor === undefined ? undefined : Number(cursor);
    const body = await messaging.list(session, { limit, below });
    const etag = createHash('sha256').update(JSON.stringify(body)).digest('base64url');
    return answer(200, body, { ETag: `"${etag}"` });
  });

  api.serve(endpoints.openThread, async ({ session, body: { personId } }) => {
    const { thread, isNew } = await messaging.open(session, personId);
    return answer(isNew ? 201 : 200, thread);
  });

  api.serve(endpoints.readThread, async ({ session, params: { threadId } }) =>
    answer(200, await messaging.read(session, threadId)),
  );

  api.serve(endpoints.markRead, async ({ session, params: { threadId }, body: { seq } }) =>
    answer(200, await messaging.markRead(session, threadId, seq)),
  );
}
