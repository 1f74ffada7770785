import { ParleyError } from '@parley/contracts';

/** Sending the same messageId again is always safe, so whatever is not certain is `unavailable`. */
const RETRY_AFTER_MS = 1_000;

/** A cause that has words of its own for people is told as it is. */
export const notStored = (cause?: unknown): ParleyError =>
  cause instanceof ParleyError && cause.code === 'unavailable'
    ? cause
    : new ParleyError('unavailable', 'It is not certain that this was stored: send it again.', {
        retryAfterMs: RETRY_AFTER_MS,
        cause,
      });

export const overloaded = (): ParleyError =>
  new ParleyError('unavailable', 'Too much is waiting to be stored: send it again in a moment.', {
    retryAfterMs: RETRY_AFTER_MS,
  });

export const shuttingDown = (): ParleyError =>
  new ParleyError('unavailable', 'This service is shutting down: send it again.', { retryAfterMs: RETRY_AFTER_MS });

/** Alike for a room that does not exist and one that is not theirs. */
export const notMember = (): ParleyError => new ParleyError('not_member', 'You are not a member of this room.');

/** Says nothing of what took it. */
export const idTaken = (): ParleyError => new ParleyError('conflict', 'This id is in use: send it under a new one.');
