import type { RoomId, RoomSummary, User, UserId } from '@parley/protocol';
import { withReading, type Reading } from '../../domain/reading.ts';
import { mergeRoom, withEvent } from '../../domain/room-list.ts';
import type { Publish } from './engine-events.ts';
import type { ListedRoom } from '../../domain/room-list.ts';
import type { LogEntry } from '../../domain/room-log.ts';

/** The user's rooms: their summaries, and those that are still to be created. */
export class Rooms {
  readonly #rooms = new Map<RoomId, RoomSummary>();
  /** Rooms that the server has not created yet. */
  readonly #pending = new Map<RoomId, ListedRoom>();
  readonly #self: UserId;
  readonly #publish: Publish;
  /** The whole list has been read from the server. */
  #loaded = false;

  constructor(self: UserId, publish: Publish) {
    this.#self = self;
    this.#publish = publish;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  all(): readonly RoomSummary[] {
    return [...this.#rooms.values()];
  }

  /** All rooms, with those that the server has not created yet. */
  listed(): readonly ListedRoom[] {
    return [...this.#rooms.values(), ...this.#pending.values()];
  }

  get(roomId: RoomId): RoomSummary | undefined {
    return this.#rooms.get(roomId);
  }

  /** Rooms from the cache. */
  load(cached: readonly RoomSummary[]): void {
    for (const room of cached) this.#rooms.set(room.roomId, room);
  }

  /** Summaries from the server; events may have overtaken them. */
  merge(received: readonly RoomSummary[]): void {
    const merged = received.map((room) => mergeRoom(this.#rooms.get(room.roomId), room));
    for (const room of merged) {
      this.#rooms.set(room.roomId, room);
      this.#pending.delete(room.roomId);
    }
    if (merged.length > 0) this.#changed(merged);
  }

  /** The next entries of a room's log. */
  apply(roomId: RoomId, events: readonly LogEntry[]): void {
    const before = this.#rooms.get(roomId);
    if (!before) return;
    const after = events.reduce((room, event) => withEvent(room, event, this.#self), before);
    if (after === before) return;
    this.#rooms.set(roomId, after);
    this.#changed([after]);
  }

  /** A room that the server has not created yet. */
  addPending(room: ListedRoom): void {
    if (this.#rooms.has(room.roomId)) return;
    this.#pending.set(room.roomId, room);
    this.#changed([room]);
  }

  /** The server refused to create it. */
  removePending(roomId: RoomId): void {
    if (this.#pending.delete(roomId)) this.#publish({ kind: 'room_removed', roomId });
  }

  /** The user has read so far, here or on another device. */
  read(roomId: RoomId, reading: Reading): void {
    const before = this.#rooms.get(roomId);
    if (!before) return;
    const after = withReading(before, reading);
    if (isSameReading(before, after)) return;
    this.#rooms.set(roomId, after);
    this.#changed([after]);
  }

  remove(roomId: RoomId): void {
    if (this.#rooms.delete(roomId)) this.#publish({ kind: 'room_removed', roomId });
  }

  /** The first members as the server just sent them. */
  setFirstMembers(roomId: RoomId, members: readonly User[]): void {
    const room = this.#rooms.get(roomId);
    if (!room) return;
    const updated = { ...room, members };
    this.#rooms.set(roomId, updated);
    this.#changed([updated]);
  }

  /** The whole list is known now. */
  complete(): void {
    if (this.#loaded) return;
    this.#loaded = true;
    this.#changed([]);
  }

  #changed(rooms: readonly ListedRoom[]): void {
    this.#publish({ kind: 'rooms', rooms, roomsLoaded: this.#loaded });
  }
}

const isSameReading = (one: Reading, other: Reading): boolean =>
  one.readSeq === other.readSeq && one.readCount === other.readCount && one.mentionCount === other.mentionCount;
