import type { Subscription } from '@parley/bus';
import { TYPING_INTERVAL_MS, type ConnectionEvent, type RoomId, type UserId } from '@parley/protocol';
import { textFrame } from './frame.ts';
import { LogOrder, parseEvents, type Batch } from './log-order.ts';
import type { RoomSubscription } from './room-subscription.ts';

/** With more subscriptions than this, at most MAX_TYPING_USERS are announced: each notice is a write to all of them. */
const MANY_SUBSCRIPTIONS = 200;
const MAX_TYPING_USERS = 4;

interface Notice {
  readonly userId: UserId;
  readonly item: string;
}

/** A room with connections at this gateway: its bus subscription, the state of its log and the frame being collected. */
export class LocalRoom {
  readonly roomId: RoomId;
  readonly busSubscription: Subscription;
  readonly order = new LogOrder();
  readonly subscriptions = new Set<RoomSubscription>();
  /** The gap repair in progress. */
  repair: Promise<void> | undefined;
  /** Clock time before which no frame is written. */
  nextWriteAt = 0;
  isWriteScheduled = false;
  /** Cancels the delayed end of the bus subscription, which is scheduled when the last RoomSubscription ends. */
  cancelUnsubscribe: (() => void) | undefined;
  #bodies: Buffer[] = [];
  #notices: Notice[] = [];
  #lastSeq = 0;
  /** Users announced as typing since a clock time. */
  #typing = { since: 0, userIds: new Set<UserId>() };

  constructor(roomId: RoomId, busSubscription: Subscription) {
    this.roomId = roomId;
    this.busSubscription = busSubscription;
  }

  /** Adds consecutive entries to the next frame. A user who leaves receives nothing after the entry that reports it. */
  push(batch: Batch): void {
    if (!batch.hasMembershipChanges) {
      this.#add(batch.body, batch.lastSeq);
      return;
    }
    for (const event of parseEvents(batch)) {
      this.#add(Buffer.from(JSON.stringify(event)), event.seq);
      if (event.event === 'member_left') this.#removeUser(event.data.userId, event.seq);
    }
  }

  /** Adds an event about a user to the next notices. They go to the other users, through open subscriptions only. */
  addNotice(userId: UserId, event: ConnectionEvent): void {
    this.#notices.push({ userId, item: JSON.stringify(event) });
  }

  /** Adds a typing notice unless a large room has enough of them. Returns whether it was added. */
  addTyping(userId: UserId, now: number): boolean {
    if (now - this.#typing.since >= TYPING_INTERVAL_MS) this.#typing = { since: now, userIds: new Set() };
    const { userIds } = this.#typing;
    if (this.subscriptions.size > MANY_SUBSCRIPTIONS && userIds.size >= MAX_TYPING_USERS && !userIds.has(userId)) {
      return false;
    }
    userIds.add(userId);
    this.addNotice(userId, { event: 'typing', data: { roomId: this.roomId, userId } });
    return true;
  }

  /** Writes the collected entries as one buffer to every subscription, then the notices. Returns the frames written. */
  flush(): number {
    const notices = this.#notices.splice(0);
    let frames = 0;
    if (this.#bodies.length > 0) {
      const item = { frame: textFrame(this.#bodies), lastSeq: this.#lastSeq };
      this.#bodies = [];
      for (const subscription of this.subscriptions) subscription.deliver(item);
      frames += this.subscriptions.size;
    }
    return notices.length > 0 ? frames + this.#writeNotices(notices) : frames;
  }

  /** Writes one shared buffer, except to users whom some of the notices are about. */
  #writeNotices(notices: readonly Notice[]): number {
    const shared = textFrame(notices.map(({ item }) => item));
    const subjects = new Set(notices.map(({ userId }) => userId));
    let frames = 0;
    for (const { subscriber, isOpen } of this.subscriptions) {
      if (!isOpen) continue;
      const others = subjects.has(subscriber.userId)
        ? notices.filter(({ userId }) => userId !== subscriber.userId)
        : notices;
      if (others.length === 0) continue;
      subscriber.writeShared(others === notices ? shared : textFrame(others.map(({ item }) => item)));
      frames += 1;
    }
    return frames;
  }

  #add(body: Buffer, lastSeq: number): void {
    this.#bodies.push(body);
    this.#lastSeq = lastSeq;
  }

  #removeUser(userId: UserId, seq: number): void {
    this.flush();
    for (const subscription of this.subscriptions) {
      const { subscriber } = subscription;
      if (subscriber.userId === userId && subscription.leave(seq)) subscriber.onRemovedFromRoom(this.roomId);
    }
  }
}
