import type { ConnectionEvents, RoomEvent, RoomId, RoomSummary, UserId } from '@parley/protocol';
import type { Clock } from '../../domain/clock.ts';
import { isMentioned } from '../../domain/mentions.ts';
import { readingAt } from '../../domain/reading.ts';
import type { ServerConnection } from './server-connection.ts';
import { Refused } from './failures.ts';
import type { RequestWithRetry } from './retrying-request.ts';
import type { Rooms } from './rooms.ts';
import type { Timelines } from './timelines.ts';

/** Scrolling reads in many steps: the server receives the last of them. */
const BATCH_MS = 400;

export interface ReadingEnvironment {
  readonly userId: UserId;
  readonly clock: Clock;
  readonly connection: ServerConnection;
  readonly requestWithRetry: RequestWithRetry;
  readonly rooms: Rooms;
  readonly timelines: Timelines;
}

/**
 * The user's read positions: applied in all tabs at once, and sent to the server when there is a connection. The cache
 * keeps them for the next engine, which sends them again where the server is behind.
 */
export class ReadingState {
  readonly #environment: ReadingEnvironment;
  /** The seq that is still to be sent, by room. */
  readonly #wanted = new Map<RoomId, number>();
  readonly #sending = new Set<RoomId>();

  constructor(environment: ReadingEnvironment) {
    this.#environment = environment;
  }

  /** Everything up to the seq was on the screen. */
  read(roomId: RoomId, seq: number): void {
    const { rooms, timelines, userId } = this.#environment;
    const room = rooms.get(roomId);
    if (!room || seq <= room.readSeq) return;
    const reading = readingAt(room, timelines.entries(roomId), seq, userId);
    if (reading) rooms.read(roomId, reading);
    this.#want(roomId, Math.min(seq, room.head));
  }

  /** Summaries from the server; events may have overtaken them. */
  roomsReceived(received: readonly RoomSummary[]): void {
    for (const { roomId, readSeq } of received) {
      const known = this.#environment.rooms.get(roomId)?.readSeq ?? 0;
      if (known > readSeq) this.#want(roomId, known);
    }
  }

  /** The next entries of one room's log: a change of an unread message may add or remove a mention of the user. */
  apply(events: readonly RoomEvent[]): void {
    const { rooms, userId } = this.#environment;
    for (const event of events) {
      const room = rooms.get(event.roomId);
      if (room === undefined) continue;
      const isCounted = (room.mentionCount ?? 0) > 0;
      const isUncounted =
        event.event === 'message_deleted'
          ? isCounted && event.data.messageSeq > room.readSeq
          : event.event === 'message_updated' &&
            (isCounted || isMentioned(event.data.message, userId)) &&
            event.data.message.seq > room.readSeq;
      // Only the server knows all mentions; it counts them again for each read position that it receives.
      if (isUncounted) this.#want(event.roomId, room.readSeq);
    }
  }

  /** The user has read on another device. */
  readElsewhere({ roomId, seq, readCount, mentionCount }: ConnectionEvents['room_read']): void {
    const { rooms, timelines, userId } = this.#environment;
    const room = rooms.get(roomId);
    if (!room) return;
    const counted = readingAt(room, timelines.entries(roomId), seq, userId);
    const answered = readCount !== undefined && {
      readSeq: seq,
      readCount,
      ...(mentionCount !== undefined && { mentionCount }),
    };
    const reading = counted ?? answered;
    if (reading) rooms.read(roomId, reading);
  }

  forget(roomId: RoomId): void {
    this.#wanted.delete(roomId);
  }

  #want(roomId: RoomId, seq: number): void {
    const before = this.#wanted.get(roomId);
    this.#wanted.set(roomId, Math.max(seq, before ?? 0));
    if (before === undefined && !this.#sending.has(roomId)) this.#sendSoon(roomId);
  }

  #sendSoon(roomId: RoomId): void {
    this.#environment.clock.after(BATCH_MS, () => void this.#send(roomId));
  }

  async #send(roomId: RoomId): Promise<void> {
    const { connection, requestWithRetry, rooms } = this.#environment;
    this.#sending.add(roomId);
    try {
      await connection.whenOnline();
      const seq = this.#wanted.get(roomId);
      if (seq === undefined) return;
      const answer = await requestWithRetry('read_room', { roomId, seq });
      if (this.#wanted.get(roomId) === seq) this.#wanted.delete(roomId);
      rooms.read(roomId, answer);
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      // The user is no longer a member, or the server is of a release without read positions.
      this.#wanted.delete(roomId);
    } finally {
      this.#sending.delete(roomId);
      if (this.#wanted.has(roomId)) this.#sendSoon(roomId);
    }
  }
}
