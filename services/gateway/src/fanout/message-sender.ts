import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, ParleyError, type AppendResult, type MessageApi, type NewMessage } from '@parley/contracts';
import { TickQueue } from '@parley/platform';
import type { Message, RoomId } from '@parley/protocol';

/** Bounds of one call, so that it stays within what a service reads and a room does not wait for long. */
const MESSAGES_PER_ROOM_AND_CALL = 256;
const ROOMS_PER_CALL = 64;
/** Messages that wait here for the message service, in all and in one room; more would only wait longer. */
export const MAX_WAITING = 20_000;
export const MAX_WAITING_IN_ROOM = 5_000;
const RETRY_AFTER_MS = 1_000;

/** Names the replica of the message service that a room's messages go to; rooms of one may share a call. */
export type MessageTarget = (roomId: RoomId) => string;

/** Injection token of the MessageTarget. */
export const MESSAGE_TARGET = Symbol('MessageTarget');

interface Waiting {
  readonly message: NewMessage;
  readonly resolve: (message: Message) => void;
  readonly reject: (error: unknown) => void;
}

interface RoomQueue {
  readonly roomId: RoomId;
  readonly waiting: Waiting[];
  inFlight: boolean;
}

/**
 * Hands messages to the message service: what one tick brings goes as one call to each replica, and never two calls of
 * one room at the same time, so that messages are stored in the order in which they were sent here.
 */
@Injectable()
export class MessageSender {
  readonly #messages: Pick<MessageApi, 'appendMessages'>;
  readonly #targetOf: MessageTarget;
  readonly #queues = new Map<RoomId, RoomQueue>();
  #waiting = 0;
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
   * Resolves with the message as it is stored. Rejects with a ParleyError: of the service, or `unavailable`, also when
   * too many wait already.
   */
  send(roomId: RoomId, message: NewMessage): Promise<Message> {
    const queue = this.#queues.get(roomId) ?? { roomId, waiting: [], inFlight: false };
    if (this.#waiting >= MAX_WAITING || queue.waiting.length >= MAX_WAITING_IN_ROOM)
      return Promise.reject(overloaded());
    this.#queues.set(roomId, queue);
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      queue.waiting.push({ message, resolve, reject });
      this.#tick.add(queue);
    });
  }

  #flush(queues: ReadonlySet<RoomQueue>): void {
    const calls = new Map<string, RoomQueue[]>();
    for (const queue of queues) {
      if (queue.inFlight || queue.waiting.length === 0) continue;
      const target = this.#targetOf(queue.roomId);
      const rooms = calls.get(target);
      if (rooms === undefined) calls.set(target, [queue]);
      else if (rooms.length < ROOMS_PER_CALL) rooms.push(queue);
      else this.#tick.add(queue);
    }
    for (const rooms of calls.values()) void this.#call(rooms);
  }

  async #call(queues: readonly RoomQueue[]): Promise<void> {
    const taken = queues.map((queue) => {
      queue.inFlight = true;
      const sent = queue.waiting.splice(0, MESSAGES_PER_ROOM_AND_CALL);
      this.#waiting -= sent.length;
      return { roomId: queue.roomId, sent };
    });
    try {
      const batches = taken.map(({ roomId, sent }) => ({ roomId, messages: sent.map(({ message }) => message) }));
      const { results } = await this.#messages.appendMessages({ batches });
      taken.forEach(({ sent }, room) => {
        sent.forEach((waiting, index) => {
          settle(waiting, results[room]?.[index]);
        });
      });
    } catch (error) {
      for (const { sent } of taken) for (const { reject } of sent) reject(error);
    } finally {
      for (const queue of queues) this.#release(queue);
    }
  }

  #release(queue: RoomQueue): void {
    queue.inFlight = false;
    if (queue.waiting.length > 0) this.#tick.add(queue);
    else this.#queues.delete(queue.roomId);
  }
}

const overloaded = (): ParleyError =>
  new ParleyError('unavailable', 'Too much is waiting to be stored: send it again in a moment.', {
    retryAfterMs: RETRY_AFTER_MS,
  });

function settle({ resolve, reject }: Waiting, result: AppendResult | undefined): void {
  if (result === undefined) reject(new ParleyError('unavailable', 'The message service gave no answer. Try again.'));
  else if ('error' in result) reject(ParleyError.fromWire(result.error));
  else resolve(result.message);
}
