import { endpoints } from '../../protocol/endpoints.ts';
import { answer, type Api } from '../http/api.ts';
import { openApiDocument } from '../http/openapi.ts';

/** What machines ask: whether we live, whether we are ready, and what all this is. */
export function serveMachines(api: Api, check: () => Promise<void>): void {
  const document = openApiDocument(endpoints);
  api.serve(endpoints.readOpenApi, () => answer(200, document));
  api.serve(endpoints.isAlive, () => answer(200, { status: 'ok' }));
  api.serve(endpoints.isReady, async () => {
    await check();
    return answer(200, { status: 'ok' });
  });
}
