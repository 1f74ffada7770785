import { TYPING_INTERVAL_MS, type RoomId, type UserId } from '@parley/protocol';

/** What the RoomHub needs of a connection. */
export interface RoomSubscriber {
  readonly userId: UserId;
  /** Writes a frame whose bytes are shared by several connections. */
  writeShared(frame: Buffer): void;
  cork(): void;
  uncork(): void;
  /** Asks the client to fetch the room's log: entries that it lacks will not be sent. */
  resync(roomId: RoomId): void;
  /** The user has left the room, and every entry up to the departure has been delivered. */
  onRemovedFromRoom(roomId: RoomId): void;
}

/** Entries of a room's log, encoded for delivery. */
export interface LogFrame {
  readonly frame: Buffer;
  readonly lastSeq: number;
}

/** Notices that a client sends at the right interval may arrive slightly closer together. */
const TYPING_TOLERANCE_MS = 500;

/**
 * One connection's place in a room's fan-out. It holds entries back until it is opened, which happens when the client
 * has been sent the room and its head. There is one for each connection and room, so fields that few of them need are
 * allocated on first use.
 */
export class RoomSubscription {
  readonly subscriber: RoomSubscriber;
  #head = 0;
  #heldFrames: LogFrame[] | undefined = [];
  /** Seqs at which the user left while the subscription was closed; the user may have rejoined in between. */
  #leftAt: number[] | undefined;
  #typedAt: number | undefined;

  constructor(subscriber: RoomSubscriber) {
    this.subscriber = subscriber;
  }

  get isOpen(): boolean {
    return this.#heldFrames === undefined;
  }

  deliver(item: LogFrame): void {
    if (this.#heldFrames === undefined) this.subscriber.writeShared(item.frame);
    else this.#heldFrames.push(item);
  }

  /** Whether a typing notice may be published now; limits them to one per TYPING_INTERVAL_MS. */
  allowTyping(now: number): boolean {
    if (this.#typedAt !== undefined && now - this.#typedAt < TYPING_INTERVAL_MS - TYPING_TOLERANCE_MS) return false;
    this.#typedAt = now;
    return true;
  }

  /** Delivers what was held back after `head`, which the client knows. Returns whether the user is still a member. */
  open(head: number): boolean {
    const held = this.#heldFrames ?? [];
    this.#heldFrames = undefined;
    this.#head = head;
    const leftAt = this.#leftAt?.find((seq) => seq > head);
    this.#leftAt = undefined;
    for (const { frame, lastSeq } of held) {
      if (lastSeq > head && lastSeq <= (leftAt ?? Infinity)) this.subscriber.writeShared(frame);
    }
    return leftAt === undefined;
  }

  /**
   * To be called when the log's entry about the user's departure has been delivered. Returns whether to end the
   * subscription: not when the user has rejoined since.
   */
  leave(seq: number): boolean {
    if (this.#heldFrames === undefined) return seq > this.#head;
    (this.#leftAt ??= []).push(seq);
    return false;
  }
}
