import type { Cancel, Clock } from '../../domain/clock.ts';
import { ANSWER_TIMEOUT_MS } from '../../domain/outbox.ts';
import type { ServerConnection } from './server-connection.ts';

/** How often a timed-out answer is checked again while the socket has received nothing. */
const CHECK_MS = 1_000;

/** Calls `onTimeout` when no answer came in time although the socket has received something since. */
export function watchForAnswer(clock: Clock, connection: ServerConnection, onTimeout: () => void): Cancel {
  const sentAt = clock.now();
  const check = (): void => {
    if (connection.receivedAt > sentAt) onTimeout();
    else cancel = clock.after(CHECK_MS, check);
  };
  let cancel = clock.after(ANSWER_TIMEOUT_MS, check);
  return () => cancel();
}
