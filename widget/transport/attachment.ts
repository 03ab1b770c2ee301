import { ApiError } from './api-error.ts';
import { inTime } from './in-time.ts';
import { accepted, type Requester } from './request.ts';

/** How long a file may take to come. */
const answerWithin = 300_000;

/** The server has a file, and until somebody has looked at it says when to ask again. */
export class BeingChecked extends ApiError {}

/** The bytes of a file that a message carries: into memory, nowhere else. Rejects with ApiError alone. */
export function fetchAttachment(requester: Requester, id: string, leave: AbortSignal): Promise<Blob> {
  const path = `/v1/attachments/${encodeURIComponent(id)}`;
  return inTime(
    async (signal) => {
      const response = await requester.response(path, { signal }, (answer) =>
        accepted(answer).catch(({ kind, code, retryAfter }: ApiError) => {
          const isLater = code === 'unavailable' && retryAfter !== undefined;
          throw new (isLater ? BeingChecked : ApiError)(kind, code, retryAfter);
        }),
      );
      try {
        return await response.blob();
      } catch {
        throw new ApiError('unreachable');
      }
    },
    leave,
    answerWithin,
  );
}
