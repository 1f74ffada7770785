import { ParleyError } from '@parley/contracts';

/** Sending the same messageId again is always safe, so every uncertain result is `unavailable`. */
const RETRY_AFTER_MS = 1_000;

/** A cause that is already an `unavailable` error for users is passed on unchanged. */
export const notStored = (cause?: unknown): ParleyError =>
  cause instanceof ParleyError && cause.code === 'unavailable'
    ? cause
    : new ParleyError('unavailable', 'Parley does not know whether this was stored. Send it again.', {
        retryAfterMs: RETRY_AFTER_MS,
        cause,
      });

export const overloaded = (): ParleyError =>
  new ParleyError('unavailable', 'Too many messages are waiting to be stored. Try again in a moment.', {
    retryAfterMs: RETRY_AFTER_MS,
  });

export const shuttingDown = (): ParleyError =>
  new ParleyError('unavailable', 'This server is shutting down. Send it again.', { retryAfterMs: RETRY_AFTER_MS });

/** The same for a room that does not exist and for one of which the user is no member. */
export const notMember = (): ParleyError => new ParleyError('not_member', 'You are not a member of this room.');

/** Reveals nothing about the entry that has the id. */
export const idTaken = (): ParleyError => new ParleyError('conflict', 'This id is in use: send it under a new one.');
