import { ParleyError } from '@parley/contracts';

const RETRY_AFTER_MS = 10_000;

/** For writes while the disk is full. Acknowledged data is kept, and writes succeed again once there is space. */
export const diskFull = (cause?: unknown): ParleyError =>
  new ParleyError('unavailable', 'The disk of this Parley is full: its operator must free some space.', {
    retryAfterMs: RETRY_AFTER_MS,
    cause,
  });
