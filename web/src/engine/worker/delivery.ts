import type { Message } from '@parley/protocol';
import type { Clock } from '../../domain/clock.ts';
import type { SendResult, OutgoingMessage } from '../../domain/outbox.ts';
import type { ServerConnection } from './server-connection.ts';
import { ConnectionLost, Refused } from './failures.ts';
import { watchForAnswer } from './answer-timeout.ts';

/**
 * Sends a message once. Resolves with the answer, or with a timeout if none came in time on a live socket.
 * @param stored called when the server has the message: before the promise resolves, and also if the answer is late
 */
export function deliver(
  { clock, connection }: { clock: Clock; connection: ServerConnection },
  { roomId, messageId, text, images, replyTo, mentions }: OutgoingMessage,
  stored: (message: Message) => void,
): Promise<SendResult> {
  const attachmentIds = images.flatMap(({ attachmentId }) => attachmentId ?? []);
  const data = {
    ...{ roomId, messageId, text },
    ...(attachmentIds.length > 0 && { attachmentIds }),
    ...(replyTo !== null && { replyTo }),
    ...(mentions.length > 0 && { mentions }),
  };
  return new Promise((resolve, reject) => {
    const cancelWatch = watchForAnswer(clock, connection, () => resolve({ kind: 'timeout' }));
    connection
      .request('create_message', data)
      .then(
        ({ message }): SendResult => {
          stored(message);
          return { kind: 'ok', seq: message.seq };
        },
        (failure: unknown) => toSendResult(failure, images.length > 0),
      )
      .finally(cancelWatch)
      .then(resolve, reject);
  });
}

function toSendResult(failure: unknown, hasAttachments: boolean): SendResult {
  if (failure instanceof Refused) {
    const isGone = failure.error.code === 'not_found' && hasAttachments;
    return { kind: isGone ? 'gone' : 'error', error: failure.error };
  }
  if (failure instanceof ConnectionLost) return { kind: 'closed' };
  throw failure;
}
