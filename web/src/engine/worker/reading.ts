import type { ConnectionEvents, RoomEvent, RoomId, RoomSummary, UserId } from '@parley/protocol';
import type { Clock } from '../../domain/clock.ts';
import { isMentioned } from '../../domain/mentions.ts';
import { readingAt } from '../../domain/reading.ts';
import type { Connection } from './connection.ts';
import { Refused } from './failures.ts';
import type { PersistentRequest } from './persistent-request.ts';
import type { Rooms } from './rooms.ts';
import type { Timelines } from './timelines.ts';

/** Reading goes on while one scrolls: the server is told where it came to, not each step. */
const GATHER_MS = 400;

export interface ReadingEnvironment {
  readonly userId: UserId;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly persist: PersistentRequest;
  readonly rooms: Rooms;
  readonly timelines: Timelines;
}

/**
 * How far one has read: in all tabs at once, and on the server as soon as there is one. What the cache has of it
 * outlives the engine, and where the server is behind that, it is told again.
 */
export class ReadingState {
  readonly #environment: ReadingEnvironment;
  /** seq that the server is still to be told. */
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

  /** What the server says of rooms; events may have overtaken it. */
  told(told: readonly RoomSummary[]): void {
    for (const { roomId, readSeq } of told) {
      const known = this.#environment.rooms.get(roomId)?.readSeq ?? 0;
      if (known > readSeq) this.#want(roomId, known);
    }
  }

  /** Entries that were applied just now: a message that is still unread may mention one no more, or from now on. */
  changed(events: readonly RoomEvent[]): void {
    const { rooms, userId } = this.#environment;
    for (const event of events) {
      const room = rooms.get(event.roomId);
      if (room === undefined) continue;
      const isCounted = (room.mentionCount ?? 0) > 0;
      const isOther =
        event.event === 'message_deleted'
          ? isCounted && event.data.messageSeq > room.readSeq
          : event.event === 'message_updated' &&
            (isCounted || isMentioned(event.data.message, userId)) &&
            event.data.message.seq > room.readSeq;
      // Only the server knows all of them; it counts again whenever it is told how far one has read.
      if (isOther) this.#want(event.roomId, room.readSeq);
    }
  }

  /** Another device of one's own has read. */
  heard({ roomId, seq, readCount, mentionCount }: ConnectionEvents['room_read']): void {
    const { rooms, timelines, userId } = this.#environment;
    const room = rooms.get(roomId);
    if (!room) return;
    const counted = readingAt(room, timelines.entries(roomId), seq, userId);
    const told = readCount !== undefined && {
      readSeq: seq,
      readCount,
      ...(mentionCount !== undefined && { mentionCount }),
    };
    const reading = counted ?? told;
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
    this.#environment.clock.after(GATHER_MS, () => void this.#send(roomId));
  }

  async #send(roomId: RoomId): Promise<void> {
    const { connection, persist, rooms } = this.#environment;
    this.#sending.add(roomId);
    try {
      await connection.whenOnline();
      const seq = this.#wanted.get(roomId);
      if (seq === undefined) return;
      const answer = await persist('read_room', { roomId, seq });
      if (this.#wanted.get(roomId) === seq) this.#wanted.delete(roomId);
      rooms.read(roomId, answer);
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      // One is in the room no more, or the server is of a release that does not record it.
      this.#wanted.delete(roomId);
    } finally {
      this.#sending.delete(roomId);
      if (this.#wanted.has(roomId)) this.#sendSoon(roomId);
    }
  }
}
