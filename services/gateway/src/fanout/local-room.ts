import type { Subscription } from '@parley/bus';
import type { RoomId, UserId } from '@parley/protocol';
import { textFrame } from './frame.ts';
import { LogOrder, parseEvents, type Batch } from './log-order.ts';
import type { Seat } from './seat.ts';

/** One room as far as this gateway's connections are in it. */
export class LocalRoom {
  readonly roomId: RoomId;
  readonly subscription: Subscription;
  readonly order = new LogOrder();
  readonly seats = new Set<Seat>();
  /** A fetch of what was missed is under way. */
  filling: Promise<void> | undefined;
  /** Cancels the end of the subscription that follows when nobody is left. */
  cancelDrop: (() => void) | undefined;
  #bodies: Buffer[] = [];
  #lastSeq = 0;

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

  /** Writes this tick's frame, one buffer for all, to every seat. Returns the number of seats. */
  flush(): number {
    if (this.#bodies.length === 0) return 0;
    const item = { frame: textFrame(this.#bodies), lastSeq: this.#lastSeq };
    this.#bodies = [];
    for (const seat of this.seats) seat.deliver(item);
    return this.seats.size;
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
