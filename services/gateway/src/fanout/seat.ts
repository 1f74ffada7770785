import { TYPING_INTERVAL_MS, type RoomId, type UserId } from '@parley/protocol';

/** A connection as the hub of rooms sees it. */
export interface SeatHolder {
  readonly userId: UserId;
  /** A frame that others get too. */
  writeShared(frame: Buffer): void;
  cork(): void;
  uncork(): void;
  /** What is missing of the room's log will not come by itself. */
  resync(roomId: RoomId): void;
  /** The person has left the room, and has been told everything up to that. */
  seatLost(roomId: RoomId): void;
}

/** Bytes of a room's log on their way to its members. */
export interface LogFrame {
  readonly frame: Buffer;
  readonly lastSeq: number;
}

/** A client's own interval may come out a little shorter on the way here. */
const TYPING_LEAST_MS = TYPING_INTERVAL_MS - 500;

/**
 * A connection's place in a room. Until it is opened it holds back what the room brings: the client must have been
 * told of the room, and how far its log went then, before it is told of what came after. Every connection has one for
 * each of its rooms: what few of them need is not there before it is needed.
 */
export class Seat {
  readonly holder: SeatHolder;
  #head = 0;
  #held: LogFrame[] | undefined = [];
  /** While the seat is closed: where the log says that the person left, who may have come back in between. */
  #leavings: number[] | undefined;
  #typedAt: number | undefined;

  constructor(holder: SeatHolder) {
    this.holder = holder;
  }

  get isOpen(): boolean {
    return this.#held === undefined;
  }

  deliver(item: LogFrame): void {
    if (this.#held === undefined) this.holder.writeShared(item.frame);
    else this.#held.push(item);
  }

  /** Whether that somebody is typing is to be passed on: not so soon after the last time. */
  type(now: number): boolean {
    if (this.#typedAt !== undefined && now - this.#typedAt < TYPING_LEAST_MS) return false;
    this.#typedAt = now;
    return true;
  }

  /** The client was told of the room with this head. Returns whether the person is a member still. */
  open(head: number): boolean {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#head = head;
    const leftAt = this.#leavings?.find((seq) => seq > head);
    this.#leavings = undefined;
    for (const { frame, lastSeq } of held) {
      if (lastSeq > head && lastSeq <= (leftAt ?? Infinity)) this.holder.writeShared(frame);
    }
    return leftAt === undefined;
  }

  /**
   * The log says that the person left, and that entry has been delivered. Returns whether the seat is to be given up:
   * not if the person has come back since.
   */
  leave(seq: number): boolean {
    if (this.#held === undefined) return seq > this.#head;
    (this.#leavings ??= []).push(seq);
    return false;
  }
}
