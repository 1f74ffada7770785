import { ERROR_CODES, type ErrorCode, type ProblemDetails } from '@parley/protocol';

/** An error answer (problem details), or no answer at all (status 0, code `unavailable`). */
export class HttpError extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, code: ErrorCode, message: string, retryAfterMs?: number) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Sends a request and parses the JSON answer; undefined if the answer has no body (204).
 * @throws HttpError unless the request succeeds; an aborted request throws its AbortError.
 */
export async function requestJson(path: string, options: RequestOptions = {}): Promise<unknown> {
  const response = await send(path, options);
  const body: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (response.ok) return body;
  if (isProblem(body)) throw new HttpError(response.status, body.code, body.detail || body.title, body.retryAfterMs);
  throw new HttpError(response.status, 'internal', `The server answered ${response.status}. Try again in a moment.`);
}

async function send(path: string, { method = 'GET', body, signal }: RequestOptions): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new HttpError(0, 'unavailable', 'Parley cannot be reached. Check your connection and try again.');
  }
}

function isProblem(body: unknown): body is ProblemDetails {
  if (typeof body !== 'object' || body === null) return false;
  return 'code' in body && typeof body.code === 'string' && body.code in ERROR_CODES && 'detail' in body;
}
