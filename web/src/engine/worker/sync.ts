import type { ActionOk, ConnectionEvent, MessageId, RoomEvent, RoomId, RoomSummary, User } from '@parley/protocol';
import { gapPatience } from '../../domain/backoff.ts';
import type { Cancel, Clock, Random } from '../../domain/clock.ts';
import { admit, isKnownEntry, isLogEntry, type LogEntry } from '../../domain/room-log.ts';
import { Refused } from './failures.ts';
import { FirstMembers } from './first-members.ts';
import type { ServerEvent } from './link.ts';
import type { People } from './people.ts';
import { longPause, type PersistentRequest } from './persistent-request.ts';
import { RoomListReader } from './room-list-reader.ts';
import type { Rooms } from './rooms.ts';
import type { Timelines } from './timelines.ts';

const EVENTS_PER_PAGE = 200;
/** A gap larger than this is not read entry by entry: the newest page takes the place of what was loaded. */
const LARGEST_REPAIR = 1_000;

export interface SyncEnvironment {
  readonly clock: Clock;
  readonly random: Random;
  readonly persist: PersistentRequest;
  readonly rooms: Rooms;
  readonly timelines: Timelines;
  readonly people: People;
  /** A room's log was applied up to `position`, these messages among it. */
  readonly applied: (roomId: RoomId, position: number, messageIds: readonly MessageId[]) => void;
  /** Entries of one room that were not known before. */
  readonly arrived: (events: readonly RoomEvent[]) => void;
  /** The next entries of a room's log, as they are applied. */
  readonly entries: (roomId: RoomId, events: readonly RoomEvent[]) => void;
  /** What the server says of rooms, after it was merged with what is known. */
  readonly told: (rooms: readonly RoomSummary[]) => void;
  /** A room goes; `held` are entries of its log that were not applied, for something before them is missing. */
  readonly forgotten: (roomId: RoomId, held: readonly RoomEvent[]) => void;
  /** What is no entry of a log and changes no list of rooms. */
  readonly signal: (signal: Signal) => void;
}

export type Signal = Extract<ConnectionEvent, { event: 'room_read' | 'typing' | 'presence_changed' }>;

/** Keeps rooms and timelines at the head of their logs: applies events in order, asks for what is missing. */
export class Sync {
  readonly #environment: SyncEnvironment;
  readonly #held = new Map<RoomId, readonly LogEntry[]>();
  readonly #patience = new Map<RoomId, Cancel>();
  readonly #repairing = new Set<RoomId>();
  readonly #list: RoomListReader;
  readonly #firstMembers: FirstMembers;

  constructor(environment: SyncEnvironment) {
    this.#environment = environment;
    this.#firstMembers = new FirstMembers(environment);
    this.#list = new RoomListReader(environment, {
      tell: (rooms) => this.#tell(rooms),
      forget: (roomId) => this.#forget(roomId),
      done: () => this.#dropStrangers(),
    });
  }

  /** A new connection: its first page of rooms tells what moved while there was none. */
  online(answer: ActionOk<'create_connection'>): void {
    this.#environment.timelines.forgetUnopened();
    void this.#list.refresh(answer);
  }

  events(events: readonly ServerEvent[]): void {
    for (const event of events) {
      if (isLogEntry(event)) {
        this.take(event.roomId, [event]);
        continue;
      }
      switch (event.event) {
        case 'room_created':
          this.roomCame(event.data.room);
          break;
        case 'room_removed':
          this.roomWent(event.data.roomId);
          break;
        case 'resync':
          if (event.data.roomIds) for (const roomId of event.data.roomIds) void this.#repair(roomId);
          else void this.#list.refresh();
          break;
        case 'room_read':
        case 'typing':
        case 'presence_changed':
          this.#environment.signal(event);
          break;
        // Events of a newer server that have no place in a log are ignored.
      }
    }
  }

  roomCame(room: RoomSummary): void {
    this.#list.came(room.roomId);
    this.#tell([room]);
  }

  roomWent(roomId: RoomId): void {
    this.#list.went(roomId);
    this.#forget(roomId);
  }

  /** Takes entries of a room's log, in any order, repeated, or with holes between. */
  take(roomId: RoomId, received: readonly LogEntry[]): void {
    const { rooms, timelines, people, entries, applied, arrived } = this.#environment;
    const position = this.#position(roomId);
    const { ready, intake } = admit({ position, held: this.#held.get(roomId) ?? [] }, received);
    const known = ready.filter(isKnownEntry);
    if (intake.held.length > 0) this.#held.set(roomId, intake.held);
    else this.#held.delete(roomId);
    people.meet(known.flatMap(personOf));
    rooms.apply(roomId, ready);
    timelines.apply(roomId, ready);
    if (known.length > 0) entries(roomId, known);
    applied(roomId, this.#position(roomId), known.flatMap(messageIdOf));
    arrived(known);
    if (known.some(({ event }) => event === 'member_left')) void this.#firstMembers.fill(roomId);
    this.#watch(roomId);
  }

  /** Looks whether the room is behind its log, and if it stays so for a moment, repairs it. */
  #watch(roomId: RoomId): void {
    const { clock, random } = this.#environment;
    if (!this.#isBehind(roomId)) {
      this.#patience.get(roomId)?.();
      this.#patience.delete(roomId);
    } else if (!this.#patience.has(roomId)) {
      const cancel = clock.after(gapPatience(random), () => {
        this.#patience.delete(roomId);
        void this.#repair(roomId);
      });
      this.#patience.set(roomId, cancel);
    }
  }

  /** At once, where a first page or a new connection showed how far the log is. */
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

  /** Reads one page of what is missing. @returns whether there is more to read */
  async #repairStep(roomId: RoomId): Promise<boolean> {
    const { rooms, people, persist } = this.#environment;
    const after = this.#position(roomId);
    if (!rooms.get(roomId)) return false;
    const furthest = this.#furthest(roomId);
    if (furthest - after > LARGEST_REPAIR) return this.#startOver(roomId, furthest);
    const page = await persist('get_events', { roomId, after, limit: EVENTS_PER_PAGE });
    if (page.head - after > LARGEST_REPAIR) return this.#startOver(roomId, page.head);
    people.meet(page.users);
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

  #tell(told: readonly RoomSummary[]): void {
    const { rooms, people, timelines } = this.#environment;
    people.meet(told.flatMap(({ members }) => members));
    rooms.tell(told);
    this.#environment.told(told);
    for (const { roomId } of told) {
      this.take(roomId, []);
      this.repairIfBehind(roomId);
      timelines.retry(roomId);
    }
  }

  /** Entries of rooms that the whole list does not know will find no use. */
  #dropStrangers(): void {
    for (const roomId of this.#held.keys()) if (!this.#environment.rooms.get(roomId)) this.#held.delete(roomId);
  }

  #forget(roomId: RoomId): void {
    const { rooms, timelines, forgotten } = this.#environment;
    forgotten(roomId, (this.#held.get(roomId) ?? []).filter(isKnownEntry));
    this.#held.delete(roomId);
    rooms.remove(roomId);
    timelines.remove(roomId);
  }

  /** seq up to which both the list and the timeline have the log; below any seq while the room is not known. */
  #position(roomId: RoomId): number {
    const { rooms, timelines } = this.#environment;
    const head = rooms.get(roomId)?.head;
    if (head === undefined) return UNKNOWN;
    return Math.min(head, timelines.head(roomId) ?? head);
  }

  /** The last seq of the room that anything has told of. */
  #furthest(roomId: RoomId): number {
    const { rooms, timelines } = this.#environment;
    const held = this.#held.get(roomId)?.at(-1)?.seq ?? 0;
    return Math.max(held, rooms.get(roomId)?.head ?? 0, timelines.head(roomId) ?? 0);
  }

  #isBehind(roomId: RoomId): boolean {
    return this.#environment.rooms.get(roomId) !== undefined && this.#furthest(roomId) > this.#position(roomId);
  }
}

/** Two below the first seq: no event follows it, so all are held. */
const UNKNOWN = -1;

const personOf = ({ data }: RoomEvent): readonly User[] => ('user' in data ? [data.user] : []);

const messageIdOf = (event: RoomEvent) => (event.event === 'message_created' ? [event.data.message.messageId] : []);
