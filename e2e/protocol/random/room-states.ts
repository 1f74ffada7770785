import type { RoomEvent, RoomId, RoomSummary, UserId } from '@parley/protocol';
import type { Stay } from './observation.ts';
import { admit, laterRoom, roomAfter, type LogIntake } from './room-model.ts';

/** Brings received entries into the order of the log. Planted faults replace it. */
export type Admit = typeof admit;

interface OpenStay {
  room: RoomSummary;
  readonly from: number;
  /** The head announced first on this connection. */
  announcedHead: number | undefined;
  intake: LogIntake;
  gap: boolean;
  readonly applied: RoomEvent[];
  live: RoomEvent[];
}

/** A client's rooms and their logs, as they follow from what it received. */
export class RoomStates {
  readonly unexpected: RoomEvent[] = [];
  readonly #userId: UserId;
  readonly #admit: Admit;
  readonly #open = new Map<RoomId, OpenStay>();
  readonly #ended: Stay[] = [];
  /** Rooms that came or went while the list is being read, which its pages may not know yet. */
  #meanwhile = new Map<RoomId, 'came' | 'went'>();
  #listed = new Set<RoomId>();

  constructor(userId: UserId, admitEvents: Admit = admit) {
    this.#userId = userId;
    this.#admit = admitEvents;
  }

  get roomIds(): RoomId[] {
    return [...this.#open.keys()];
  }

  /** seq up to which the log has been applied. */
  position(roomId: RoomId): number {
    return this.#open.get(roomId)?.intake.position ?? 0;
  }

  /** Entries are missing, before the announced head or before others. */
  isBehind(roomId: RoomId): boolean {
    const stay = this.#open.get(roomId);
    return stay !== undefined && (stay.gap || stay.room.head > stay.intake.position);
  }

  /** A new connection: what it brings of a room begins anew. */
  connected(): void {
    for (const stay of this.#open.values()) {
      stay.announcedHead = undefined;
      stay.live = [];
    }
  }

  beginList(): void {
    this.#meanwhile = new Map();
    this.#listed = new Set();
  }

  listPage(rooms: readonly RoomSummary[]): void {
    for (const room of rooms) {
      this.#listed.add(room.roomId);
      if (this.#meanwhile.get(room.roomId) !== 'went') this.#tell(room);
    }
  }

  /** What the whole list does not name is gone. */
  endList(): void {
    for (const roomId of this.roomIds) {
      if (!this.#listed.has(roomId) && this.#meanwhile.get(roomId) !== 'came') this.#end(roomId);
    }
  }

  created(room: RoomSummary): void {
    this.#meanwhile.set(room.roomId, 'came');
    this.#tell(room);
  }

  removed(roomId: RoomId): void {
    this.#meanwhile.set(roomId, 'went');
    this.#end(roomId);
  }

  /** An entry that the server sent unasked. */
  happened(event: RoomEvent): void {
    const stay = this.#open.get(event.roomId);
    if (stay === undefined) {
      this.unexpected.push(event);
      return;
    }
    if (event.seq > (stay.announcedHead ?? Infinity)) stay.live.push(event);
    this.#take(stay, [event]);
  }

  /** Entries that were asked for. */
  read(roomId: RoomId, events: readonly RoomEvent[]): void {
    const stay = this.#open.get(roomId);
    if (stay !== undefined) this.#take(stay, events);
  }

  stays(): Stay[] {
    return [...this.#ended, ...[...this.#open.values()].map((stay) => toStay(stay, false))];
  }

  #tell(room: RoomSummary): void {
    const stay = this.#open.get(room.roomId);
    if (stay !== undefined) {
      stay.room = laterRoom(stay.room, room);
      stay.announcedHead ??= room.head;
      return;
    }
    const { roomId, head } = room;
    const intake: LogIntake = { position: head, held: [] };
    this.#open.set(roomId, { room, from: head, announcedHead: head, intake, gap: false, applied: [], live: [] });
  }

  #take(stay: OpenStay, events: readonly RoomEvent[]): void {
    const { ready, intake, gap } = this.#admit(stay.intake, events);
    stay.intake = intake;
    stay.gap = gap;
    stay.applied.push(...ready);
    for (const event of ready) stay.room = roomAfter(stay.room, event, this.#userId);
  }

  #end(roomId: RoomId): void {
    const stay = this.#open.get(roomId);
    if (stay === undefined) return;
    this.#open.delete(roomId);
    this.#ended.push(toStay(stay, true));
  }
}

const toStay = ({ room, from, applied, live }: OpenStay, ended: boolean): Stay => ({
  ...{ room, from, ended },
  applied: [...applied],
  live: [...live],
});
