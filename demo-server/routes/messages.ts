import { endpoints } from '../../protocol/endpoints.ts';
import { answer, type Api } from '../http/api.ts';
import type { Messaging } from '../services/messaging.ts';

export function serveMessages(api: Api, messaging: Messaging): void {
  api.serve(endpoints.listMessages, async ({ session, params: { threadId }, query }) =>
    answer(200, await messaging.messages(session, threadId, query)),
  );

  api.serve(endpoints.sendMessage, async ({ session, params: { threadId, messageId }, body }) => {
    const { message, isNew } = await messaging.send(session, threadId, messageId, body);
    return answer(isNew ? 201 : 200, message);
  });
}
