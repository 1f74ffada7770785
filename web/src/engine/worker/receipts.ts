import { LIMITS, type RoomEvent, type RoomId, type RoomSummary, type UserId } from '@parley/protocol';
import type { Cancel, Clock } from '../../domain/clock.ts';
import type { Connection } from './connection.ts';
import { ConnectionLost, Refused } from './failures.ts';
import type { Hub, Publish } from './hub.ts';
import type { Rooms } from './rooms.ts';

/** A message is read by many at once: the tabs are told together. */
const GATHER_MS = 150;

export interface ReceiptsEnvironment {
  readonly userId: UserId;
  readonly clock: Clock;
  readonly hub: Hub;
  readonly publish: Publish;
  readonly connection: Connection;
  readonly rooms: Rooms;
}

/** How far the others have read, in the rooms that tabs have open and that are small enough to be told. */
export class Receipts {
  readonly #environment: ReceiptsEnvironment;
  readonly #rooms = new Map<RoomId, Map<UserId, number>>();
  readonly #changed = new Map<RoomId, Set<UserId>>();
  readonly #loading = new Set<RoomId>();
  #cancel: Cancel | null = null;

  constructor(environment: ReceiptsEnvironment) {
    this.#environment = environment;
  }

  open(tabId: string, roomId: RoomId): void {
    const known = this.#rooms.get(roomId);
    if (known) this.#replace(roomId, known, { kind: 'tab', tabId });
    else void this.#load(roomId);
  }

  /** What was missed while there was no connection is asked for anew. */
  online(): void {
    for (const roomId of this.#rooms.keys()) {
      if (this.#environment.hub.isOpen(roomId)) void this.#load(roomId);
      else this.#rooms.delete(roomId);
    }
  }

  /** A tab may have opened a room before anything was known of it. */
  told(rooms: readonly RoomSummary[]): void {
    for (const { roomId } of rooms) {
      if (!this.#rooms.has(roomId) && this.#environment.hub.isOpen(roomId)) void this.#load(roomId);
    }
  }

  heard(roomId: RoomId, userId: UserId, seq: number): void {
    const readers = this.#rooms.get(roomId);
    if (!readers || userId === this.#environment.userId || (readers.get(userId) ?? 0) >= seq) return;
    readers.set(userId, seq);
    const changed = this.#changed.get(roomId) ?? new Set();
    this.#changed.set(roomId, changed.add(userId));
    this.#cancel ??= this.#environment.clock.after(GATHER_MS, () => this.#tell());
  }

  /** Who writes has read; who is new has read nothing, who left reads no more. */
  apply(roomId: RoomId, events: readonly RoomEvent[]): void {
    for (const { event, seq, data } of events) {
      if (event === 'message_created') this.heard(roomId, data.user.userId, seq);
      else if (event === 'member_joined' && this.#rooms.has(roomId)) this.heard(roomId, data.user.userId, seq);
      else if (event === 'member_left') this.#left(roomId, data.userId);
    }
  }

  forget(roomId: RoomId): void {
    this.#rooms.delete(roomId);
  }

  #left(roomId: RoomId, userId: UserId): void {
    const readers = this.#rooms.get(roomId);
    if (readers?.delete(userId)) this.#replace(roomId, readers);
  }

  async #load(roomId: RoomId): Promise<void> {
    const { connection, rooms, userId } = this.#environment;
    const room = rooms.get(roomId);
    if (!room || room.memberCount > LIMITS.membersWithReceipts || this.#loading.has(roomId)) return;
    this.#loading.add(roomId);
    // Known from here on, so that what is heard while the answer is on its way is not lost.
    const readers = this.#rooms.get(roomId) ?? new Map<UserId, number>();
    this.#rooms.set(roomId, readers);
    try {
      const { members } = await connection.request('get_members', { roomId, limit: LIMITS.membersWithReceipts });
      for (const member of members) {
        if (member.userId === userId || member.readSeq === undefined) continue;
        readers.set(member.userId, Math.max(member.readSeq, readers.get(member.userId) ?? 0));
      }
      this.#replace(roomId, readers);
    } catch (failure) {
      // Without a connection it is asked for with the next; a refusal leaves the room without receipts.
      if (!(failure instanceof Refused) && !(failure instanceof ConnectionLost)) throw failure;
    } finally {
      this.#loading.delete(roomId);
    }
  }

  #tell(): void {
    this.#cancel = null;
    for (const [roomId, userIds] of this.#changed) {
      const readers = [...userIds].map((userId) => ({ userId, seq: this.#rooms.get(roomId)?.get(userId) ?? 0 }));
      this.#environment.publish({ kind: 'readers', roomId, replace: false, readers }, { kind: 'room', roomId });
    }
    this.#changed.clear();
  }

  #replace(
    roomId: RoomId,
    known: ReadonlyMap<UserId, number>,
    audience: Parameters<Publish>[1] = { kind: 'room', roomId },
  ): void {
    const readers = [...known].map(([userId, seq]) => ({ userId, seq }));
    this.#environment.publish({ kind: 'readers', roomId, replace: true, readers }, audience);
  }
}
