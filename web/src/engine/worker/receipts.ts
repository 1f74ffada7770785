import { LIMITS, type RoomEvent, type RoomId, type RoomSummary, type UserId } from '@parley/protocol';
import type { Cancel, Clock } from '../../domain/clock.ts';
import type { ServerConnection } from './server-connection.ts';
import { ConnectionLost, Refused } from './failures.ts';
import type { Publish } from './engine-events.ts';
import type { TabRegistry } from './tab-registry.ts';
import type { Rooms } from './rooms.ts';

/** Many members read a message at once: tabs receive their receipts together. */
const BATCH_MS = 150;

export interface ReceiptsEnvironment {
  readonly userId: UserId;
  readonly clock: Clock;
  readonly tabs: TabRegistry;
  readonly publish: Publish;
  readonly connection: ServerConnection;
  readonly rooms: Rooms;
}

/** The read positions of other members, in open rooms that are small enough for receipts. */
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

  /** Loads again what was missed while there was no connection. */
  connected(): void {
    for (const roomId of this.#rooms.keys()) {
      if (this.#environment.tabs.isOpen(roomId)) void this.#load(roomId);
      else this.#rooms.delete(roomId);
    }
  }

  /** A tab may have opened a room before anything was known of it. */
  roomsReceived(rooms: readonly RoomSummary[]): void {
    for (const { roomId } of rooms) {
      if (!this.#rooms.has(roomId) && this.#environment.tabs.isOpen(roomId)) void this.#load(roomId);
    }
  }

  advance(roomId: RoomId, userId: UserId, seq: number): void {
    const readers = this.#rooms.get(roomId);
    if (!readers || userId === this.#environment.userId || (readers.get(userId) ?? 0) >= seq) return;
    readers.set(userId, seq);
    const changed = this.#changed.get(roomId) ?? new Set();
    this.#changed.set(roomId, changed.add(userId));
    this.#cancel ??= this.#environment.clock.after(BATCH_MS, () => this.#publishChanges());
  }

  /** An author has read up to the message; a new member has read nothing; a former member is dropped. */
  apply(roomId: RoomId, events: readonly RoomEvent[]): void {
    for (const { event, seq, data } of events) {
      if (event === 'message_created') this.advance(roomId, data.user.userId, seq);
      else if (event === 'member_joined' && this.#rooms.has(roomId)) this.advance(roomId, data.user.userId, seq);
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
    // Set before the request, so that receipts that arrive before the answer are not lost.
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
      // Without a connection it is loaded over the next one; a refusal leaves the room without receipts.
      if (!(failure instanceof Refused) && !(failure instanceof ConnectionLost)) throw failure;
    } finally {
      this.#loading.delete(roomId);
    }
  }

  #publishChanges(): void {
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
