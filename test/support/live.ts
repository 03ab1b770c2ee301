import { acquireAny } from '../../widget/state/any-client.ts';
import { release } from '../../widget/state/shared-clients.ts';

/** Whether the newest element of this API follows what happens, with its list brought up to date. */
export function isLive(apiUrl: string): boolean {
  const client = acquireAny(apiUrl);
  if (!client) return false;
  const { value } = client.connection;
  release(client);
  return value === 'live';
}
