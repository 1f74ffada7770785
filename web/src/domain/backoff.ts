import { CLOSE_CODES } from '@parley/protocol';
import type { Random } from './clock.ts';

const FIRST_MS = 5_000;
const LONGEST_MS = 30_000;

/**
 * The wait before the next try, with full jitter: 0–5 s at first, then 0–10 s, 0–20 s, 0–30 s.
 * @param failures consecutive failed tries
 */
export function backoff(failures: number, random: Random): number {
  return Math.round(random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures));
}

/** How long a room's messages wait after a busy server: its `retryAfterMs`, else 0.5–1 s, doubling up to 30 s. */
export function pauseAfterBusy(pauses: number, retryAfterMs: number | undefined, random: Random): number {
  if (retryAfterMs !== undefined) return retryAfterMs;
  const longest = Math.min(LONGEST_MS, 1_000 * 2 ** pauses);
  return Math.round(longest / 2 + (random() * longest) / 2);
}

/** How long to wait for late events to close a gap in a room's log before reading the missing entries: 250–2,000 ms. */
export function gapWait(random: Random): number {
  return Math.round(250 + random() * 1_750);
}

/** What to do about a closed socket. */
export type AfterClose =
  | { readonly kind: 'ended' }
  | { readonly kind: 'outdated' }
  | { readonly kind: 'retry'; readonly delayMs: number; readonly reason: 'unreachable' | 'restart' };

/**
 * @param code the WebSocket's close code
 * @param failures consecutive failed tries; 0 if the connection had been established
 */
export function afterClose(code: number, failures: number, random: Random): AfterClose {
  switch (code) {
    case CLOSE_CODES.sessionEnded.code:
      return { kind: 'ended' };
    case CLOSE_CODES.protocolNotSupported.code:
      return { kind: 'outdated' };
    case CLOSE_CODES.restart.code:
      return { kind: 'retry', delayMs: backoff(failures, random), reason: 'restart' };
    case CLOSE_CODES.overloaded.code:
      // An overloaded server gets more time than one that only went away.
      return { kind: 'retry', delayMs: backoff(failures + 1, random), reason: 'unreachable' };
    default:
      return { kind: 'retry', delayMs: backoff(failures, random), reason: 'unreachable' };
  }
}
