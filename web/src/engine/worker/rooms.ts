import type { RoomId, RoomSummary, User, UserId } from '@parley/protocol';
import { withReading, type Reading } from '../../domain/reading.ts';
import { mergeRoom, withEvent } from '../../domain/room-list.ts';
import type { Publish } from './hub.ts';
import type { ListedRoom } from '../../domain/room-list.ts';
import type { LogEntry } from '../../domain/room-log.ts';

/** One's rooms, each with where its log stands. */
export class Rooms {
  readonly #rooms = new Map<RoomId, RoomSummary>();
  /** Those that the server is still to make. */
  readonly #pending = new Map<RoomId, ListedRoom>();
  readonly #self: UserId;
  readonly #publish: Publish;
  /** The whole list has been had from the server. */
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

  /** With those that the server is still to make. */
  listed(): readonly ListedRoom[] {
    return [...this.#rooms.values(), ...this.#pending.values()];
  }

  get(roomId: RoomId): RoomSummary | undefined {
    return this.#rooms.get(roomId);
  }

  /** What the cache had. */
  load(cached: readonly RoomSummary[]): void {
    for (const room of cached) this.#rooms.set(room.roomId, room);
  }

  /** What the server just said of rooms, which events may have overtaken. */
  tell(told: readonly RoomSummary[]): void {
    const merged = told.map((room) => mergeRoom(this.#rooms.get(room.roomId), room));
    for (const room of merged) {
      this.#rooms.set(room.roomId, room);
      this.#pending.delete(room.roomId);
    }
    if (merged.length > 0) this.#changed(merged);
  }

  /** The next events of a room's log. */
  apply(roomId: RoomId, events: readonly LogEntry[]): void {
    const before = this.#rooms.get(roomId);
    if (!before) return;
    const after = events.reduce((room, event) => withEvent(room, event, this.#self), before);
    if (after === before) return;
    this.#rooms.set(roomId, after);
    this.#changed([after]);
  }

  /** A room that the server is still to make. */
  expect(room: ListedRoom): void {
    if (this.#rooms.has(room.roomId)) return;
    this.#pending.set(room.roomId, room);
    this.#changed([room]);
  }

  /** The server will not make it. */
  unexpect(roomId: RoomId): void {
    if (this.#pending.delete(roomId)) this.#publish({ kind: 'room_removed', roomId });
  }

  /** One has read so far, here or elsewhere. */
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

  /** Its first members, as the server has just told them. */
  tellMembers(roomId: RoomId, members: readonly User[]): void {
    const room = this.#rooms.get(roomId);
    if (!room) return;
    const told = { ...room, members };
    this.#rooms.set(roomId, told);
    this.#changed([told]);
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
