import { endpoints } from '../../protocol/endpoints.ts';
import { answer, type Api } from '../http/api.ts';
import type { Devices } from '../services/devices.ts';
import type { Messaging } from '../services/messaging.ts';

/** Who I am, whom I may write to, and what my device seals with. */
export function servePeople(api: Api, messaging: Messaging, devices: Devices): void {
  api.serve(endpoints.readMe, async ({ session }) => answer(200, await messaging.me(session)));

  api.serve(endpoints.listContacts, async ({ session }) =>
    answer(200, { contacts: await messaging.contacts(session) }),
  );

  api.serve(endpoints.issueCacheKey, async ({ session, params: { deviceId } }) =>
    answer(200, await devices.issueKey(session, deviceId)),
  );

  api.serve(endpoints.shredCacheKey, async ({ session, params: { deviceId } }) => {
    await devices.shredKey(session, deviceId);
    return answer(204, null);
  });
}
