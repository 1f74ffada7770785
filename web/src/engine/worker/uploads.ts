import { ERROR_CODES, USER_HEADER } from '@parley/protocol';
import type { Attachment, AttachmentBody, ProblemDetails, UserId, WireError } from '@parley/protocol';
import type { OutgoingAttachment } from '../../domain/draft-attachments.ts';
import { Refused, refusal } from './failures.ts';

/** Rejects with Refused: by the server, or `unavailable` if it is unreachable. */
export type Upload = (attachment: Blob) => Promise<Attachment>;

/** A slow connection needs minutes for 10 MiB; a longer upload is tried again. */
const UPLOAD_TIMEOUT_MS = 5 * 60_000;

type Uploaded =
  | { readonly kind: 'uploaded'; readonly attachments: readonly OutgoingAttachment[] }
  | { readonly kind: 'error'; readonly error: WireError };

/**
 * Uploads the attachments that the server does not have, one after the other.
 * @param progress called with all attachments after each upload
 */
export async function uploadAttachments(
  attachments: readonly OutgoingAttachment[],
  upload: Upload,
  progress: (attachments: readonly OutgoingAttachment[]) => void,
): Promise<Uploaded> {
  let current = attachments;
  for (const [index, attachment] of attachments.entries()) {
    if (attachment.attachmentId !== null) continue;
    try {
      const { attachmentId } = await upload(attachment.blob);
      current = current.with(index, { ...attachment, attachmentId });
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      return { kind: 'error', error: failure.error };
    }
    progress(current);
  }
  return { kind: 'uploaded', attachments: current };
}

/** Uploads by HTTP; the server refuses if the session belongs to another user. */
export const httpUpload =
  (userId: UserId): Upload =>
  async (attachment) => {
    const body = new FormData();
    body.set('file', attachment);
    const response = await post(body, userId);
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return (answer as AttachmentBody).attachment;
    throw new Refused(toError(response.status, answer));
  };

async function post(body: FormData, userId: UserId): Promise<Response> {
  try {
    const signal = AbortSignal.timeout(UPLOAD_TIMEOUT_MS);
    return await fetch('/api/attachments', { method: 'POST', headers: { [USER_HEADER]: userId }, body, signal });
  } catch {
    throw refusal('unavailable', 'The image could not be uploaded. It is tried again.');
  }
}

function toError(status: number, answer: unknown): WireError {
  const problem = isProblem(answer) ? answer : undefined;
  const message = problem?.detail ?? `The server answered ${status} to an upload. Try again.`;
  // Another user is logged in by now: the attachment waits for its own user, as its message does.
  if (status === 401 || status === 409) return refusal('unauthenticated', message).error;
  // A failing proxy answers without problem details.
  const code =
    problem?.code ?? (status === 413 ? 'too_large' : status >= 500 || status === 429 ? 'unavailable' : 'invalid');
  const { retryAfterMs } = problem ?? {};
  return { code, message, ...ERROR_CODES[code], ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

const isProblem = (answer: unknown): answer is ProblemDetails =>
  typeof answer === 'object' && answer !== null && 'code' in answer && String(answer.code) in ERROR_CODES;
