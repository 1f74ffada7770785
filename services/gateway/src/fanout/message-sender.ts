import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, ParleyError, type AppendResult, type MessageApi, type NewMessage } from '@parley/contracts';
import { TickQueue } from '@parley/platform';
import type { Message, RoomId } from '@parley/protocol';

/** Bounds of one call: it must fit into a request, and messages must not wait long for the ones before. */
const MESSAGES_PER_ROOM_AND_CALL = 256;
const ROOMS_PER_CALL = 64;
/** Messages that may wait for the message service, in total and per room. */
export const MAX_PENDING = 20_000;
export const MAX_PENDING_IN_ROOM = 5_000;
const RETRY_AFTER_MS = 1_000;

/** Names the replica of the message service that handles a room. Rooms with the same replica may share a call. */
export type MessageTarget = (roomId: RoomId) => string;

/** Injection token of the MessageTarget. */
export const MESSAGE_TARGET = Symbol('MessageTarget');

interface PendingMessage {
  readonly message: NewMessage;
  readonly resolve: (message: Message) => void;
  readonly reject: (error: unknown) => void;
}

interface RoomQueue {
  readonly roomId: RoomId;
  readonly pending: PendingMessage[];
  inFlight: boolean;
}

/**
 * Sends messages to the message service: one call per tick and replica, and at most one call in flight per room, so
 * that messages are stored in the order in which they arrived here.
 */
@Injectable()
export class MessageSender {
  readonly #messages: Pick<MessageApi, 'appendMessages'>;
  readonly #targetOf: MessageTarget;
  readonly #queues = new Map<RoomId, RoomQueue>();
  #pendingCount = 0;
  readonly #tick = new TickQueue<RoomQueue>((queues) => {
    this.#flush(queues);
  });

  constructor(
    @Inject(MESSAGE_API) messages: Pick<MessageApi, 'appendMessages'>,
    @Inject(MESSAGE_TARGET) targetOf: MessageTarget,
  ) {
    this.#messages = messages;
    this.#targetOf = targetOf;
  }

  /**
   * Resolves with the stored message. Rejects with the service's ParleyError, or with `unavailable`, also when too many
   * messages are pending.
   */
  send(roomId: RoomId, message: NewMessage): Promise<Message> {
    const queue = this.#queues.get(roomId) ?? { roomId, pending: [], inFlight: false };
    if (this.#pendingCount >= MAX_PENDING || queue.pending.length >= MAX_PENDING_IN_ROOM)
      return Promise.reject(overloaded());
    this.#queues.set(roomId, queue);
    this.#pendingCount += 1;
    return new Promise((resolve, reject) => {
      queue.pending.push({ message, resolve, reject });
      this.#tick.add(queue);
    });
  }

  #flush(queues: ReadonlySet<RoomQueue>): void {
    const calls = new Map<string, RoomQueue[]>();
    for (const queue of queues) {
      if (queue.inFlight || queue.pending.length === 0) continue;
      const target = this.#targetOf(queue.roomId);
      const rooms = calls.get(target);
      if (rooms === undefined) calls.set(target, [queue]);
      else if (rooms.length < ROOMS_PER_CALL) rooms.push(queue);
      else this.#tick.add(queue);
    }
    for (const rooms of calls.values()) void this.#call(rooms);
  }

  async #call(queues: readonly RoomQueue[]): Promise<void> {
    const inFlight = queues.map((queue) => {
      queue.inFlight = true;
      const sent = queue.pending.splice(0, MESSAGES_PER_ROOM_AND_CALL);
      this.#pendingCount -= sent.length;
      return { roomId: queue.roomId, sent };
    });
    try {
      const batches = inFlight.map(({ roomId, sent }) => ({ roomId, messages: sent.map(({ message }) => message) }));
      const { results } = await this.#messages.appendMessages({ batches });
      inFlight.forEach(({ sent }, room) => {
        sent.forEach((pending, index) => {
          settle(pending, results[room]?.[index]);
        });
      });
    } catch (error) {
      for (const { sent } of inFlight) for (const { reject } of sent) reject(error);
    } finally {
      for (const queue of queues) this.#release(queue);
    }
  }

  #release(queue: RoomQueue): void {
    queue.inFlight = false;
    if (queue.pending.length > 0) this.#tick.add(queue);
    else this.#queues.delete(queue.roomId);
  }
}

const overloaded = (): ParleyError =>
  new ParleyError('unavailable', 'Too many messages are waiting to be stored. Try again in a moment.', {
    retryAfterMs: RETRY_AFTER_MS,
  });

function settle({ resolve, reject }: PendingMessage, result: AppendResult | undefined): void {
  if (result === undefined) reject(new ParleyError('unavailable', 'The message service did not answer. Try again.'));
  else if ('error' in result) reject(ParleyError.fromWire(result.error));
  else resolve(result.message);
}
