import type { Action, ActionData, ActionOk } from '@parley/protocol';
import { backoff, pauseAfterBusy } from '../../domain/backoff.ts';
import type { Clock, Random } from '../../domain/clock.ts';
import type { ServerConnection } from './server-connection.ts';
import { ConnectionLost, Refused } from './failures.ts';
import { watchForAnswer } from './answer-timeout.ts';

/** Consecutive `internal` answers after which a request fails. */
const INTERNAL_TRIES = 3;
const CLOSING_PAUSE_MS = 50;

/**
 * Sends an idempotent command until it is answered, over as many connections as needed, and again if no answer comes in
 * time.
 * @param onRetry called for every retryable refusal
 * @throws Refused if the refusal is not retryable, or is `internal` for the third time
 */
export type RequestWithRetry = <A extends Action>(
  action: A,
  data: ActionData<A>,
  onRetry?: () => void,
) => Promise<ActionOk<A>>;

export function retryingRequest(connection: ServerConnection, clock: Clock, random: Random): RequestWithRetry {
  return async (action, data, onRetry) => {
    let internal = 0;
    for (let pauses = 0; ;) {
      await connection.whenOnline();
      try {
        return await inTime(clock, connection, connection.request(action, data));
      } catch (failure) {
        if (failure instanceof ConnectionLost) {
          // The socket is closed, but its close event is still to come: retrying at once would loop.
          if (connection.isOnline) await sleep(clock, CLOSING_PAUSE_MS);
          continue;
        }
        if (!(failure instanceof Refused) || !failure.error.retryable) throw failure;
        if (failure.error.code === 'internal' && ++internal === INTERNAL_TRIES) throw failure;
        onRetry?.();
        await sleep(clock, pauseAfterBusy(pauses++, failure.error.retryAfterMs, random));
      }
    }
  };
}

/** Treats an answer that is overdue on a live socket as a lost connection. */
function inTime<Ok>(clock: Clock, connection: ServerConnection, answer: Promise<Ok>): Promise<Ok> {
  return new Promise((resolve, reject) => {
    const cancelWatch = watchForAnswer(clock, connection, () => reject(new ConnectionLost()));
    answer.finally(cancelWatch).then(resolve, reject);
  });
}

/** The longest pause, before a refused request is sent again. */
export const longPause = (random: Random): number => backoff(Number.POSITIVE_INFINITY, random);

const sleep = (clock: Clock, ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
