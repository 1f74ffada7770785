import type { RoomId, RoomSummary } from '@parley/protocol';
import type { Cancel, Clock } from '../../domain/clock.ts';
import type { CachedLog } from './database-schema.ts';
import type { Database } from './database.ts';
import type { Patch } from '../protocol/messages.ts';
import type { KnownUsers } from './known-users.ts';
import type { Rooms } from './rooms.ts';
import type { Timelines } from './timelines.ts';

/** Changes are collected for this long: a busy room is written a few times a second, not with each message. */
const BATCH_MS = 400;

export interface CacheEnvironment {
  readonly clock: Clock;
  readonly database: Database;
  readonly rooms: Rooms;
  readonly timelines: Timelines;
  readonly knownUsers: KnownUsers;
}

/** Writes rooms and the ends of their logs to the database, so that the next engine begins with them. */
export class Cache {
  readonly #environment: CacheEnvironment;
  readonly #rooms = new Set<RoomId>();
  readonly #logs = new Set<RoomId>();
  #epoch: string | undefined;
  #cancel: Cancel | null = null;
  #stopped = false;

  constructor(environment: CacheEnvironment) {
    this.#environment = environment;
  }

  /** The epoch of the server's data that the cache holds. */
  begin(epoch: string | undefined): void {
    this.#epoch = epoch;
  }

  /**
   * Compares the epoch of a new connection with the known one; the first is adopted. false: the server's data were
   * restored from a backup, so that what is known of rooms may not be in any log.
   */
  accepts(epoch: string | undefined): boolean {
    this.#epoch ??= epoch;
    return epoch === undefined || epoch === this.#epoch;
  }

  /** What tabs show of rooms is what the cache has to store. */
  patchPublished(patch: Patch): void {
    if (patch.kind === 'rooms')
      this.#schedule(
        patch.rooms.map(({ roomId }) => roomId),
        [],
      );
    else if (patch.kind === 'room_removed') this.#schedule([patch.roomId], [patch.roomId]);
    else if (patch.kind === 'timeline') this.#schedule([], [patch.timeline.roomId]);
  }

  logChanged(roomId: RoomId): void {
    this.#schedule([], [roomId]);
  }

  /** Deletes all that is cached, and drops pending writes. */
  async clear(): Promise<void> {
    this.#rooms.clear();
    this.#logs.clear();
    await this.#environment.database.clearCache();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #schedule(rooms: readonly RoomId[], logs: readonly RoomId[]): void {
    if (this.#stopped) return;
    for (const roomId of rooms) this.#rooms.add(roomId);
    for (const roomId of logs) this.#logs.add(roomId);
    this.#cancel ??= this.#environment.clock.after(BATCH_MS, () => {
      this.#cancel = null;
      void this.#write();
    });
  }

  async #write(): Promise<void> {
    const rooms = new Map<RoomId, RoomSummary | null>();
    const logs = new Map<RoomId, CachedLog | null>();
    for (const roomId of this.#rooms) rooms.set(roomId, this.#environment.rooms.get(roomId) ?? null);
    for (const roomId of this.#logs) logs.set(roomId, this.#log(roomId));
    this.#rooms.clear();
    this.#logs.clear();
    await this.#environment.database.saveCache({ rooms, logs, epoch: this.#epoch });
  }

  #log(roomId: RoomId): CachedLog | null {
    const { clock, knownUsers, timelines } = this.#environment;
    const timeline = timelines.tail(roomId);
    if (!timeline) return null;
    const writers = timeline.entries.map((entry) => (entry.kind === 'message' ? entry.message.userId : entry.userId));
    return { timeline, users: knownUsers.named(writers), usedAt: clock.now() };
  }
}
