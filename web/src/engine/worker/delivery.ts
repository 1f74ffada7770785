import type { Message } from '@parley/protocol';
import type { Clock } from '../../domain/clock.ts';
import type { Outcome, OutgoingMessage } from '../../domain/outbox.ts';
import type { Connection } from './connection.ts';
import { ConnectionLost, Refused } from './failures.ts';
import { watchSilence } from './silence.ts';

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

function toOutcome(failure: unknown, hasAttachments: boolean): Outcome {
  if (failure instanceof Refused) {
    const isGone = failure.error.code === 'not_found' && hasAttachments;
    return { kind: isGone ? 'gone' : 'error', error: failure.error };
  }
  if (failure instanceof ConnectionLost) return { kind: 'closed' };
  throw failure;
}
