import type { Subscription } from '@parley/bus';
import { TYPING_INTERVAL_MS, type ConnectionEvent, type RoomId, type UserId } from '@parley/protocol';
import { textFrame } from './frame.ts';
import { LogOrder, parseEvents, type Batch } from './log-order.ts';
import type { Seat } from './seat.ts';

/** In a room with more seats, "several people" is told of so many: all of them would be a write to every seat each. */
const MANY_SEATS = 200;
const TYPISTS_TOLD = 4;

/** One room as far as this gateway's connections are in it. */
export class LocalRoom {
  readonly roomId: RoomId;
  readonly subscription: Subscription;
  readonly order = new LogOrder();
  readonly seats = new Set<Seat>();
  /** A fetch of what was missed is under way. */
  filling: Promise<void> | undefined;
  /** On the clock: no frame before. */
  restsUntil = 0;
  /** What has come while it rests goes out when it does not any more. */
  wakes = false;
  /** Cancels the end of the subscription that follows when nobody is left. */
  cancelDrop: (() => void) | undefined;
  #bodies: Buffer[] = [];
  #notices: { readonly userId: UserId; readonly item: string }[] = [];
  #lastSeq = 0;
  /** Who was told to be typing since, on the clock. */
  #typists = { since: 0, userIds: new Set<UserId>() };

  constructor(roomId: RoomId, subscription: Subscription) {
    this.roomId = roomId;
    this.subscription = subscription;
  }

  /** Puts consecutive entries into this tick's frame. A person who leaves is out before the entry that follows. */
  push(batch: Batch): void {
    if (!batch.members) {
      this.#add(batch.body, batch.lastSeq);
      return;
    }
    for (const event of parseEvents(batch)) {
      this.#add(Buffer.from(JSON.stringify(event)), event.seq);
      if (event.event === 'member_left') this.#leave(event.data.userId, event.seq);
    }
  }

  /** Puts what somebody does into what this tick tells the others; who knows nothing of the room yet misses nothing. */
  notice(userId: UserId, event: ConnectionEvent): void {
    this.#notices.push({ userId, item: JSON.stringify(event) });
  }

  /** That somebody is typing; in a large room only of a few at a time. Returns whether there is anything to tell. */
  type(userId: UserId, now: number): boolean {
    if (now - this.#typists.since >= TYPING_INTERVAL_MS) this.#typists = { since: now, userIds: new Set() };
    const { userIds } = this.#typists;
    if (this.seats.size > MANY_SEATS && userIds.size >= TYPISTS_TOLD && !userIds.has(userId)) return false;
    userIds.add(userId);
    this.notice(userId, { event: 'typing', data: { roomId: this.roomId, userId } });
    return true;
  }

  /** Writes this tick's frame, one buffer for all, to every seat, and then its notices. Returns the number of frames. */
  flush(): number {
    const notified = this.#notices.splice(0);
    let frames = 0;
    if (this.#bodies.length > 0) {
      const item = { frame: textFrame(this.#bodies), lastSeq: this.#lastSeq };
      this.#bodies = [];
      for (const seat of this.seats) seat.deliver(item);
      frames += this.seats.size;
    }
    return notified.length > 0 ? frames + this.#notify(notified) : frames;
  }

  /** One buffer for all, but for those whom some of it is about. */
  #notify(notices: readonly { readonly userId: UserId; readonly item: string }[]): number {
    const shared = textFrame(notices.map(({ item }) => item));
    const subjects = new Set(notices.map(({ userId }) => userId));
    let frames = 0;
    for (const { holder, isOpen } of this.seats) {
      if (!isOpen) continue;
      const others = subjects.has(holder.userId) ? notices.filter(({ userId }) => userId !== holder.userId) : notices;
      if (others.length === 0) continue;
      holder.writeShared(others === notices ? shared : textFrame(others.map(({ item }) => item)));
      frames += 1;
    }
    return frames;
  }

  #add(body: Buffer, lastSeq: number): void {
    this.#bodies.push(body);
    this.#lastSeq = lastSeq;
  }

  #leave(userId: UserId, seq: number): void {
    this.flush();
    for (const seat of this.seats) {
      if (seat.holder.userId === userId && seat.leave(seq)) seat.holder.seatLost(this.roomId);
    }
  }
}
