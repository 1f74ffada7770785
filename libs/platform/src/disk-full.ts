import { ParleyError } from '@parley/contracts';

const RETRY_AFTER_MS = 10_000;

/** Of this machine. What was acknowledged is kept; it goes on by itself once there is space. */
export const diskFull = (cause?: unknown): ParleyError =>
  new ParleyError('unavailable', 'The disk of this Parley is full: whoever runs it must free some space.', {
    retryAfterMs: RETRY_AFTER_MS,
    cause,
  });
