import type { WireError } from '@parley/protocol';
import { counted, currentLocale, t } from '../i18n/i18n.ts';
import { IntentError } from '../engine/page/engine-client.ts';
import { HttpError } from './http.ts';

/** The text that a user sees for a failure, in their language, with what to do about it. */
export function errorText(error: unknown): string {
  if (error instanceof HttpError) return wireErrorText(error);
  if (error instanceof IntentError) return wireErrorText(error.error);
  if (error instanceof Error && error.message !== '') return error.message;
  return t('error.unknown');
}

/** The server's sentences are English; in other languages the error code selects a less specific text. */
export function wireErrorText({ code, message, retryAfterMs }: Omit<WireError, 'retryable'>): string {
  if (code === 'rate_limited') return rateLimitText(retryAfterMs);
  return currentLocale.value === 'en' && message !== '' ? message : t(`error.${code}`);
}

function rateLimitText(retryAfterMs: number | undefined): string {
  if (retryAfterMs === undefined) return t('error.rate_limited');
  const seconds = Math.ceil(retryAfterMs / 1000);
  if (seconds < 90) return counted('error.rateLimitedSeconds', seconds);
  return counted('error.rateLimitedMinutes', Math.ceil(seconds / 60));
}
