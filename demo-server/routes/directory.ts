import { endpoints } from '../../protocol/endpoints.ts';
import { answer, type Api } from '../http/api.ts';
import type { AuditLog } from '../services/audit-log.ts';
import type { Directory } from '../services/directory.ts';

/** What the portal's own server says and asks. */
export function serveDirectory(api: Api, directory: Directory, auditLog: AuditLog): void {
  api.serve(endpoints.putPerson, async ({ params: { personId }, body }) => {
    const { person, isNew } = await directory.putPerson(personId, body);
    return answer(isNew ? 201 : 200, person);
  });

  api.serve(endpoints.closePerson, async ({ params: { personId } }) => {
    await directory.closePerson(personId);
    return answer(204, null);
  });

  api.serve(endpoints.endSessions, async ({ params: { personId } }) => {
    await directory.endSessions(personId);
    return answer(204, null);
  });

  api.serve(endpoints.putRelationship, async ({ params, body }) => {
    const { relationship, isNew } = await directory.putRelationship(params, body);
    return answer(isNew ? 201 : 200, relationship);
  });

  api.serve(endpoints.listAudit, async ({ query }) => answer(200, await auditLog.page(query)));
}
