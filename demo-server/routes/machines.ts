import { endpoints } from '../../protocol/endpoints.ts';
import { answer, type Api } from '../http/api.ts';
import { openApiDocument } from '../http/openapi.ts';

/** Made when it is first asked for: most processes never are, and it takes as long as all else of their start. */
let document: ReturnType<typeof openApiDocument> | undefined;

/** What machines ask: whether we live, whether we are ready, and what all this is. */
export function serveMachines(api: Api, check: () => Promise<void>): void {
  api.serve(endpoints.readOpenApi, () => answer(200, (document ??= openApiDocument(endpoints))));
  api.serve(endpoints.isAlive, () => answer(200, { status: 'ok' }));
  api.serve(endpoints.isReady, async () => {
    await check();
    return answer(200, { status: 'ok' });
  });
}
