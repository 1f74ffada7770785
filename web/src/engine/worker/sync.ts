import type { ActionOk, RoomEvent, RoomId, RoomSummary, User } from '@parley/protocol';
import { gapWait } from '../../domain/backoff.ts';
import type { Cancel, Clock, Random } from '../../domain/clock.ts';
import { admit, isKnownEntry, isLogEntry, type LogEntry } from '../../domain/room-log.ts';
import type { SyncEvents } from './engine-events.ts';
import { Refused } from './failures.ts';
import { FirstMembers } from './first-members.ts';
import type { ServerEvent } from './link.ts';
import type { KnownUsers } from './known-users.ts';
import { longPause, type RequestWithRetry } from './retrying-request.ts';
import { RoomListReader } from './room-list-reader.ts';
import type { Rooms } from './rooms.ts';
import type { Timelines } from './timelines.ts';

const EVENTS_PER_PAGE = 200;
/** A larger gap is not read entry by entry: the newest page replaces what was loaded. */
const LARGEST_REPAIR = 1_000;

export interface SyncEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly requestWithRetry: RequestWithRetry;
  readonly rooms: Rooms;
  readonly timelines: Timelines;
  readonly knownUsers: KnownUsers;
}

/** Keeps rooms and timelines at the head of their logs: applies entries in order and reads missing ones. */
export class Sync {
  readonly #environment: SyncEnvironment;
  readonly #events: SyncEvents;
  readonly #held = new Map<RoomId, readonly LogEntry[]>();
  readonly #gapTimers = new Map<RoomId, Cancel>();
  readonly #repairing = new Set<RoomId>();
  readonly #list: RoomListReader;
  readonly #firstMembers: FirstMembers;

  constructor(environment: SyncEnvironment, events: SyncEvents) {
    this.#environment = environment;
    this.#events = events;
    this.#firstMembers = new FirstMembers(environment);
    this.#list = new RoomListReader(environment, {
      received: (rooms) => this.#merge(rooms),
      gone: (roomId) => this.#forget(roomId),
      complete: () => this.#dropUnlisted(),
    });
  }

  /** A new connection: its first page of rooms shows what changed meanwhile. */
  connected(answer: ActionOk<'create_connection'>): void {
    this.#environment.timelines.forgetUnopened();
    void this.#list.refresh(answer);
  }

  receive(events: readonly ServerEvent[]): void {
    for (const event of events) {
      if (isLogEntry(event)) {
        this.take(event.roomId, [event]);
        continue;
      }
      switch (event.event) {
        case 'room_created':
          this.roomJoined(event.data.room);
          break;
        case 'room_removed':
          this.roomLeft(event.data.roomId);
          break;
        case 'resync':
          if (event.data.roomIds) for (const roomId of event.data.roomIds) void this.#repair(roomId);
          else void this.#list.refresh();
          break;
        case 'room_read':
        case 'typing':
        case 'presence_changed':
          this.#events.signalReceived(event);
          break;
        // Events of a newer server that have no place in a log are ignored.
      }
    }
  }

  roomJoined(room: RoomSummary): void {
    this.#list.joined(room.roomId);
    this.#merge([room]);
  }

  roomLeft(roomId: RoomId): void {
    this.#list.left(roomId);
    this.#forget(roomId);
  }

  /** Takes entries of a room's log, in any order, repeated, or with holes between. */
  take(roomId: RoomId, received: readonly LogEntry[]): void {
    const { rooms, timelines, knownUsers } = this.#environment;
    const position = this.#position(roomId);
    const { ready, intake } = admit({ position, held: this.#held.get(roomId) ?? [] }, received);
    const known = ready.filter(isKnownEntry);
    if (intake.held.length > 0) this.#held.set(roomId, intake.held);
    else this.#held.delete(roomId);
    knownUsers.add(known.flatMap(userOf));
    rooms.apply(roomId, ready);
    timelines.apply(roomId, ready);
    this.#events.entriesApplied(roomId, known, this.#position(roomId));
    if (known.some(({ event }) => event === 'member_left')) void this.#firstMembers.fill(roomId);
    this.#watch(roomId);
  }

  /** Repairs the room if it stays behind its log for a moment. */
  #watch(roomId: RoomId): void {
    const { clock, random } = this.#environment;
    if (!this.#isBehind(roomId)) {
      this.#gapTimers.get(roomId)?.();
      this.#gapTimers.delete(roomId);
    } else if (!this.#gapTimers.has(roomId)) {
      const cancel = clock.after(gapWait(random), () => {
        this.#gapTimers.delete(roomId);
        void this.#repair(roomId);
      });
      this.#gapTimers.set(roomId, cancel);
    }
  }

  /** Repairs the room at once: the server has just sent how far its log is. */
  repairIfBehind(roomId: RoomId): void {
    if (this.#isBehind(roomId)) void this.#repair(roomId);
  }

  async #repair(roomId: RoomId): Promise<void> {
    if (this.#repairing.has(roomId)) return;
    this.#repairing.add(roomId);
    try {
      while (await this.#repairStep(roomId));
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      const { clock, random } = this.#environment;
      if (failure.error.retryable) clock.after(longPause(random), () => void this.#repair(roomId));
    } finally {
      this.#repairing.delete(roomId);
    }
  }

  /** Reads one page of the missing entries. @returns whether there are more */
  async #repairStep(roomId: RoomId): Promise<boolean> {
    const { rooms, knownUsers, requestWithRetry } = this.#environment;
    const after = this.#position(roomId);
    if (!rooms.get(roomId)) return false;
    const furthest = this.#furthest(roomId);
    if (furthest - after > LARGEST_REPAIR) return this.#startOver(roomId, furthest);
    const page = await requestWithRetry('get_events', { roomId, after, limit: EVENTS_PER_PAGE });
    if (page.head - after > LARGEST_REPAIR) return this.#startOver(roomId, page.head);
    knownUsers.add(page.users);
    this.take(roomId, page.events);
    const position = this.#position(roomId);
    return position > after && position < page.head;
  }

  async #startOver(roomId: RoomId, head: number): Promise<false> {
    const { rooms, timelines } = this.#environment;
    if (timelines.head(roomId) !== undefined) await timelines.reload(roomId);
    if ((rooms.get(roomId)?.head ?? head) < head) await this.#list.refresh();
    return false;
  }

  #merge(received: readonly RoomSummary[]): void {
    const { rooms, knownUsers, timelines } = this.#environment;
    knownUsers.add(received.flatMap(({ members }) => members));
    rooms.merge(received);
    this.#events.roomsReceived(received);
    for (const { roomId } of received) {
      this.take(roomId, []);
      this.repairIfBehind(roomId);
      timelines.retry(roomId);
    }
  }

  /** Drops held entries of rooms that are not in the complete list. */
  #dropUnlisted(): void {
    for (const roomId of this.#held.keys()) if (!this.#environment.rooms.get(roomId)) this.#held.delete(roomId);
  }

  #forget(roomId: RoomId): void {
    const { rooms, timelines } = this.#environment;
    this.#events.roomForgotten(roomId, (this.#held.get(roomId) ?? []).filter(isKnownEntry));
    this.#held.delete(roomId);
    rooms.remove(roomId);
    timelines.remove(roomId);
  }

  /** The seq up to which both summary and timeline have the log; below any seq while the room is unknown. */
  #position(roomId: RoomId): number {
    const { rooms, timelines } = this.#environment;
    const head = rooms.get(roomId)?.head;
    if (head === undefined) return UNKNOWN;
    return Math.min(head, timelines.head(roomId) ?? head);
  }

  /** The highest known seq of the room. */
  #furthest(roomId: RoomId): number {
    const { rooms, timelines } = this.#environment;
    const held = this.#held.get(roomId)?.at(-1)?.seq ?? 0;
    return Math.max(held, rooms.get(roomId)?.head ?? 0, timelines.head(roomId) ?? 0);
  }

  #isBehind(roomId: RoomId): boolean {
    return this.#environment.rooms.get(roomId) !== undefined && this.#furthest(roomId) > this.#position(roomId);
  }
}

/** Two below the first seq: no entry follows it, so all are held. */
const UNKNOWN = -1;

const userOf = ({ data }: RoomEvent): readonly User[] => ('user' in data ? [data.user] : []);
