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

/** Counted tries after which a message fails. */
const TRIES = 3;
/** A missing answer counts as a try after this time, if the socket receives anything else. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** The state of a message. `tries`: failed tries that count; `seq`: its place in the log. */
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
  /** Rises with every message written in this browser; messages are sent in this order. */
  readonly order: number;
  readonly delivery: Delivery;
}

/** The result of one attempt to send. timeout: no answer in time, on a live socket. */
export type SendResult =
  | { readonly kind: 'ok'; readonly seq: number }
  | { readonly kind: 'error'; readonly error: WireError }
  /** The server no longer has one of its attachments, which must be uploaded again. */
  | { readonly kind: 'gone'; readonly error: WireError }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'closed' };

/** Whether the room's messages wait before the next attempt. */
type Pause = { readonly kind: 'none' } | { readonly kind: 'pause'; readonly retryAfterMs: number | undefined };

export interface AfterSending {
  readonly delivery: Delivery;
  readonly pause: Pause;
}

/** unauthenticated: the session has ended; the message waits for the next session. */
const UNCOUNTED: readonly ErrorCode[] = ['rate_limited', 'unavailable', 'unauthenticated'];
const NO_PAUSE: Pause = { kind: 'none' };

/** The message of one room to send now, if any. Messages after a failed one or one in flight wait. */
export function nextToSend(queue: readonly OutgoingMessage[]): OutgoingMessage | undefined {
  const first = queue.find((message) => message.delivery.status !== 'success');
  return first?.delivery.status === 'pending' ? first : undefined;
}

/**
 * The state of a message with `tries` failed tries after a result: a busy server and a closed socket never count,
 * timeouts and `internal` do, and errors that are not retryable fail at once.
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
      return afterError(tries, result.error);
  }
}

/** A failed message that is sent again. */
export function retried(message: OutgoingMessage): OutgoingMessage {
  return { ...message, delivery: { status: 'pending', tries: 0 } };
}

/** The message as a tab shows it: in flight until the timeline shows its entry. */
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

function afterError(tries: number, error: WireError): AfterSending {
  const pause: Pause = { kind: 'pause', retryAfterMs: error.retryAfterMs };
  if (UNCOUNTED.includes(error.code)) return { delivery: { status: 'pending', tries }, pause };
  if (error.retryable) return { delivery: failedTry(tries, error), pause };
  return { delivery: { status: 'failed', tries: tries + 1, error }, pause: NO_PAUSE };
}

function failedTry(before: number, error: WireError): Delivery {
  const tries = before + 1;
  return tries < TRIES ? { status: 'pending', tries } : { status: 'failed', tries, error };
}
