import { endpoints } from '../../protocol/endpoints.ts';
import type { Api } from '../http/api.ts';
import { sendFile } from '../http/download.ts';
import { answerTus } from '../http/tus.ts';
import { UploadLocker } from '../http/upload-locker.ts';
import type { Attachments } from '../services/attachments.ts';
import type { Uploads } from '../services/uploads.ts';

/** Files on their way in, by tus, and out. */
export function serveFiles(api: Api, uploads: Uploads, attachments: Attachments): void {
  const locker = new UploadLocker();
  for (const endpoint of [
    endpoints.createUpload,
    endpoints.lookAtUpload,
    endpoints.appendToUpload,
    endpoints.removeUpload,
  ] as const) {
    api.stream(endpoint, ({ session }, req, res) => answerTus(req, res, { session, uploads, locker }));
  }

  api.stream(endpoints.readAttachment, async ({ session, params: { attachmentId } }, req, res) =>
    sendFile(req, res, await attachments.open(session, attachmentId)),
  );
}
