import type { Cancel, Clock } from '../../domain/clock.ts';
import { ANSWER_PATIENCE_MS } from '../../domain/outbox.ts';
import type { Connection } from './connection.ts';

/** How often one looks again whether a silent socket has said anything. */
const LOOK_AGAIN_MS = 1_000;

/** Silence counts only once the socket has shown, by whatever it received, that it lives. */
export function watchSilence(clock: Clock, connection: Connection, silence: () => void): Cancel {
  const sentAt = clock.now();
  const look = (): void => {
    if (connection.receivedAt > sentAt) silence();
    else cancel = clock.after(LOOK_AGAIN_MS, look);
  };
  let cancel = clock.after(ANSWER_PATIENCE_MS, look);
  return () => cancel();
}
