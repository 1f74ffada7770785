import type { Message } from '@parley/protocol';
import type { Cancel, Clock } from '../domain/clock.ts';
import { ANSWER_PATIENCE_MS, type Outcome, type OutgoingMessage } from '../domain/outbox.ts';
import type { Connection } from './connection.ts';
import { ConnectionLost, Refused } from './failures.ts';

/** How often one looks again whether a silent socket has said anything. */
const LOOK_AGAIN_MS = 1_000;

/**
 * Sends a message once. Resolves with the answer, or with silence when none has come in time on a socket that lives.
 * @param stored told that the server has the message, before that is resolved, and also when the answer comes late
 */
export function deliver(
  { clock, connection }: { clock: Clock; connection: Connection },
  { roomId, messageId, text, images, replyTo, mentions }: OutgoingMessage,
  stored: (message: Message) => void,
): Promise<Outcome> {
  const attachmentIds = images.flatMap(({ attachmentId }) => attachmentId ?? []);
  const data = {
    ...{ roomId, messageId, text },
    ...(attachmentIds.length > 0 && { attachmentIds }),
    ...(replyTo !== null && { replyTo }),
    ...(mentions.length > 0 && { mentions }),
  };
  return new Promise((resolve, reject) => {
    const cancelWatch = watchSilence(clock, connection, () => resolve({ kind: 'silence' }));
    connection
      .request('create_message', data)
      .then(
        ({ message }): Outcome => {
          stored(message);
          return { kind: 'ok', seq: message.seq };
        },
        (failure: unknown) => toOutcome(failure, images.length > 0),
      )
      .finally(cancelWatch)
      .then(resolve, reject);
  });
}

/** Silence counts only once the socket has shown, by whatever it received, that it lives. */
function watchSilence(clock: Clock, connection: Connection, silence: () => void): Cancel {
  const sentAt = clock.now();
  const look = (): void => {
    if (connection.receivedAt > sentAt) silence();
    else cancel = clock.after(LOOK_AGAIN_MS, look);
  };
  let cancel = clock.after(ANSWER_PATIENCE_MS, look);
  return () => cancel();
}

function toOutcome(failure: unknown, hasImages: boolean): Outcome {
  if (failure instanceof Refused) {
    const isGone = failure.error.code === 'not_found' && hasImages;
    return { kind: isGone ? 'gone' : 'error', error: failure.error };
  }
  if (failure instanceof ConnectionLost) return { kind: 'closed' };
  throw failure;
}
