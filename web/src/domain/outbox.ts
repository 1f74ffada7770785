import type { ErrorCode, MessageId, RoomId, UserId, WireError } from '@parley/protocol';
import { toDraftAttachment, type DraftAttachment, type OutgoingAttachment } from './draft-attachments.ts';

export type UnsentStatus = 'pending' | 'inFlight' | 'failed';

/** A message of the user that the server has not acknowledged yet. */
export interface UnsentMessage {
  readonly roomId: RoomId;
  readonly messageId: MessageId;
  readonly text: string;
  readonly images: readonly DraftAttachment[];
  /** The message that it replies to. */
  readonly replyTo: MessageId | null;
  readonly mentions: readonly UserId[];
  readonly createdAt: number;
  readonly status: UnsentStatus;
  /** Why it failed; null unless status is failed. */
  readonly error: WireError | null;
}

/** A message fails after so many tries. */
const TRIES = 3;
/** No answer within this, on a socket that still gets something, is a try. */
export const ANSWER_PATIENCE_MS = 10_000;

/** Where a message stands. `tries`: how many have failed; `seq`: where the log has it. */
export type Delivery =
  | { readonly status: 'pending'; readonly tries: number }
  | { readonly status: 'inFlight'; readonly tries: number }
  | { readonly status: 'success'; readonly seq: number }
  | { readonly status: 'failed'; readonly tries: number; readonly error: WireError };

export interface OutgoingMessage {
  readonly roomId: RoomId;
  readonly messageId: MessageId;
  readonly text: string;
  readonly images: readonly OutgoingAttachment[];
  readonly replyTo: MessageId | null;
  readonly mentions: readonly UserId[];
  readonly createdAt: number;
  /** Rises with every message written in this browser; messages leave in this order. */
  readonly order: number;
  readonly delivery: Delivery;
}

/** What became of a sending. silence: no answer in time, on a socket that lives. */
export type SendResult =
  | { readonly kind: 'ok'; readonly seq: number }
  | { readonly kind: 'error'; readonly error: WireError }
  /** The server has an image of it no more: it is to be uploaded again. */
  | { readonly kind: 'gone'; readonly error: WireError }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'closed' };

/** Whether the room's messages wait before the next sending. */
type Pause = { readonly kind: 'none' } | { readonly kind: 'pause'; readonly retryAfterMs: number | undefined };

export interface AfterSending {
  readonly delivery: Delivery;
  readonly pause: Pause;
}

/** unauthenticated: the session is over, not the message, which waits for the next one. */
const UNCOUNTED: readonly ErrorCode[] = ['rate_limited', 'unavailable', 'unauthenticated'];
const NO_PAUSE: Pause = { kind: 'none' };

/** The message of one room to send now, if any. A failed one and one in flight hold those after them. */
export function nextToSend(queue: readonly OutgoingMessage[]): OutgoingMessage | undefined {
  const first = queue.find((message) => message.delivery.status !== 'success');
  return first?.delivery.status === 'pending' ? first : undefined;
}

/**
 * What an result makes of a message that has failed `tries` times: a busy server and a closed socket never count,
 * silence and `internal` do, and what no retry can mend fails at once.
 */
export function afterSending(tries: number, result: SendResult): AfterSending {
  switch (result.kind) {
    case 'ok':
      return { delivery: { status: 'success', seq: result.seq }, pause: NO_PAUSE };
    case 'closed':
      return { delivery: { status: 'pending', tries }, pause: NO_PAUSE };
    case 'timeout':
      return { delivery: failedTry(tries, NO_ANSWER), pause: NO_PAUSE };
    case 'gone':
      return { delivery: failedTry(tries, result.error), pause: NO_PAUSE };
    case 'error':
      return judgeError(tries, result.error);
  }
}

/** A failed message to be sent anew. */
export function retried(message: OutgoingMessage): OutgoingMessage {
  return { ...message, delivery: { status: 'pending', tries: 0 } };
}

/** As a tab sees it: a message is on its way until its entry of the log is shown. */
export function toUnsent(message: OutgoingMessage): UnsentMessage {
  const { roomId, messageId, text, replyTo, mentions, createdAt, delivery } = message;
  const images = message.images.map(toDraftAttachment);
  const status = delivery.status === 'success' ? 'inFlight' : delivery.status;
  const error = delivery.status === 'failed' ? delivery.error : null;
  return { roomId, messageId, text, images, replyTo, mentions, createdAt, status, error };
}

const NO_ANSWER: WireError = {
  code: 'unavailable',
  message: 'The server did not answer. Try again.',
  retryable: true,
};

function judgeError(tries: number, error: WireError): AfterSending {
  const pause: Pause = { kind: 'pause', retryAfterMs: error.retryAfterMs };
  if (UNCOUNTED.includes(error.code)) return { delivery: { status: 'pending', tries }, pause };
  if (error.retryable) return { delivery: failedTry(tries, error), pause };
  return { delivery: { status: 'failed', tries: tries + 1, error }, pause: NO_PAUSE };
}

function failedTry(before: number, error: WireError): Delivery {
  const tries = before + 1;
  return tries < TRIES ? { status: 'pending', tries } : { status: 'failed', tries, error };
}
