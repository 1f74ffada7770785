import { IntentError } from '../worker/engine-client.ts';
import { HttpError } from './http.ts';

/** What to tell a person about a failure: always says what to do. */
export function errorText(error: unknown): string {
  if (error instanceof HttpError && error.code === 'rate_limited') return rateLimitText(error.retryAfterMs);
  if (error instanceof IntentError && error.error.code === 'rate_limited')
    return rateLimitText(error.error.retryAfterMs);
  if (error instanceof Error && error.message !== '') return error.message;
  return 'Something went wrong. Try again.';
}

function rateLimitText(retryAfterMs: number | undefined): string {
  if (retryAfterMs === undefined) return 'Too many attempts. Wait a minute and try again.';
  const seconds = Math.ceil(retryAfterMs / 1000);
  const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return `Too many attempts. Try again in ${wait}.`;
}
