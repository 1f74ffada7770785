import type { Action, ActionData, ActionOk } from '@parley/protocol';
import { backoff, pauseAfterBusy } from '../../domain/backoff.ts';
import type { Clock, Random } from '../../domain/clock.ts';
import type { Connection } from './connection.ts';
import { ConnectionLost, Refused } from './failures.ts';
import { watchSilence } from './silence.ts';

/** After so many `internal` in a row one stops asking. */
const INTERNAL_TRIES = 3;
const BREATH_MS = 50;

/**
 * Asks until there is an answer, over as many connections as it takes, and again when the server lives and has not
 * answered; for commands that may be carried out twice.
 * @param onTrouble told of every refusal that is tried again
 * @throws Refused what no retry mends, or `internal` three times
 */
export type PersistentRequest = <A extends Action>(
  action: A,
  data: ActionData<A>,
  onTrouble?: () => void,
) => Promise<ActionOk<A>>;

export function persistentRequest(connection: Connection, clock: Clock, random: Random): PersistentRequest {
  return async (action, data, onTrouble) => {
    let internal = 0;
    for (let pauses = 0; ;) {
      await connection.whenOnline();
      try {
        return await inTime(clock, connection, connection.request(action, data));
      } catch (failure) {
        if (failure instanceof ConnectionLost) {
          // Gone, though it is not said yet: to ask again in the same breath could never end.
          if (connection.isOnline) await sleep(clock, BREATH_MS);
          continue;
        }
        if (!(failure instanceof Refused) || !failure.error.retryable) throw failure;
        if (failure.error.code === 'internal' && ++internal === INTERNAL_TRIES) throw failure;
        onTrouble?.();
        await sleep(clock, pauseAfterBusy(pauses++, failure.error.retryAfterMs, random));
      }
    }
  };
}

/** No answer on a socket that lives is as good as none that could come. */
function inTime<Ok>(clock: Clock, connection: Connection, answer: Promise<Ok>): Promise<Ok> {
  return new Promise((resolve, reject) => {
    const cancelWatch = watchSilence(clock, connection, () => reject(new ConnectionLost()));
    answer.finally(cancelWatch).then(resolve, reject);
  });
}

/** A long wait before asking again for what could not be had. */
export const longPause = (random: Random): number => backoff(Number.POSITIVE_INFINITY, random);

const sleep = (clock: Clock, ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
