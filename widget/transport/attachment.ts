import { ApiError } from './api-error.ts';
import type { Requester } from './request.ts';

/** How long a file may take to come. */
const answerWithin = 300_000;

/** The bytes of a file that a message carries: into memory, nowhere else. Rejects with ApiError alone. */
export async function fetchAttachment(requester: Requester, id: string, leave: AbortSignal): Promise<Blob> {
  const signal = AbortSignal.any([leave, AbortSignal.timeout(answerWithin)]);
  const path = `/v1/attachments/${encodeURIComponent(id)}`;
  const response = await requester.response(path, { signal });
  try {
    return await response.blob();
  } catch {
    throw new ApiError('unreachable');
  }
}
