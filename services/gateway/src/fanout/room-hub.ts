import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { BUS, type Bus } from '@parley/bus';
import { decodeRoomBroadcast, roomChannel, type RoomNotice } from '@parley/contracts';
import { CLOCK, TickQueue, type Clock } from '@parley/platform';
import type { RoomId } from '@parley/protocol';
import { METRICS, type GatewayMetrics } from '../metrics.ts';
import { GapFiller } from './gap-filler.ts';
import { LocalRoom } from './local-room.ts';
import type { Batch } from './log-order.ts';
import { writeIntervalMs } from './write-interval.ts';
import { RoomSubscription, type RoomSubscriber } from './room-subscription.ts';

/** The bus subscription outlives the last RoomSubscription by this, since users often reconnect. */
export const UNSUBSCRIBE_AFTER_MS = 30_000;
/** Time for the bus to deliver entries that the database already has, before they are fetched. */
export const BUS_GRACE_MS = 250;

/**
 * Fans each room's log and notices out to the connections at this gateway. Entries come from the bus in any order, or
 * not at all; they leave in the order of the log, as one frame per room and tick that all connections share.
 */
@Injectable()
export class RoomHub implements OnApplicationShutdown {
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #filler: GapFiller;
  readonly #metrics: Pick<GatewayMetrics, 'deliveries' | 'busLag' | 'gapsFilled'>;
  readonly #rooms = new Map<RoomId, LocalRoom>();
  readonly #tick = new TickQueue<LocalRoom>((rooms) => {
    this.#flush(rooms);
  });

  constructor(
    @Inject(BUS) bus: Bus,
    @Inject(CLOCK) clock: Clock,
    filler: GapFiller,
    @Inject(METRICS) metrics: Pick<GatewayMetrics, 'deliveries' | 'busLag' | 'gapsFilled'>,
  ) {
    this.#bus = bus;
    this.#clock = clock;
    this.#filler = filler;
    this.#metrics = metrics;
  }

  /**
   * Adds a closed subscription. `acknowledged` resolves when the bus delivers what is published in the room. `roomId` is
   * equal to the argument, but one string shared by all subscriptions of the room, which saves memory.
   */
  subscribe(
    roomId: RoomId,
    subscriber: RoomSubscriber,
  ): { roomId: RoomId; subscription: RoomSubscription; acknowledged: Promise<void> } {
    const room = this.#rooms.get(roomId) ?? this.#openRoom(roomId);
    room.cancelUnsubscribe?.();
    room.cancelUnsubscribe = undefined;
    const subscription = new RoomSubscription(subscriber);
    room.subscriptions.add(subscription);
    return { roomId: room.roomId, subscription, acknowledged: room.busSubscription.acknowledged };
  }

  /** Opens a subscription whose client knows the log up to `head`. Returns whether the user is still a member. */
  open(roomId: RoomId, subscription: RoomSubscription, head: number): boolean {
    const room = this.#rooms.get(roomId);
    room?.flush();
    const isMember = subscription.open(head);
    this.expectHead(roomId, head);
    // This gateway never had the entries between, so the client must fetch them.
    if (room !== undefined && head < room.order.skippedUpTo) subscription.subscriber.resync(roomId);
    return isMember;
  }

  unsubscribe(roomId: RoomId, subscription: RoomSubscription): void {
    const room = this.#rooms.get(roomId);
    if (room === undefined || !room.subscriptions.delete(subscription) || room.subscriptions.size > 0) return;
    room.cancelUnsubscribe = this.#clock.after(UNSUBSCRIBE_AFTER_MS, () => {
      this.#rooms.delete(roomId);
      room.busSubscription.close();
    });
  }

  /** The database has the log up to `head`: fetches what the bus does not deliver within BUS_GRACE_MS. */
  expectHead(roomId: RoomId, head: number): void {
    const room = this.#rooms.get(roomId);
    if (room === undefined) return;
    room.order.startAt(head);
    if (isBehind(room, head)) {
      this.#clock.after(BUS_GRACE_MS, () => {
        if (isBehind(room, head) && this.#rooms.get(roomId) === room) void this.#repair(room);
      });
    }
  }

  /** Delivers all entries that the log has now, as far as they can be fetched. Never rejects. */
  async catchUp(roomId: RoomId): Promise<void> {
    const room = this.#rooms.get(roomId);
    if (room === undefined) return;
    await room.repair;
    await this.#repair(room);
    room.flush();
  }

  lastSeq(roomId: RoomId): number | undefined {
    return this.#rooms.get(roomId)?.order.lastSeq;
  }

  subscriptionsIn(roomId: RoomId): Iterable<RoomSubscription> {
    return this.#rooms.get(roomId)?.subscriptions ?? [];
  }

  get roomIds(): RoomId[] {
    return [...this.#rooms.keys()];
  }

  onApplicationShutdown(): void {
    for (const room of this.#rooms.values()) {
      room.cancelUnsubscribe?.();
      room.busSubscription.close();
    }
    this.#rooms.clear();
  }

  #openRoom(roomId: RoomId): LocalRoom {
    const busSubscription = this.#bus.subscribe(roomChannel(roomId), (payload) => {
      this.#receive(room, payload);
    });
    const room = new LocalRoom(roomId, busSubscription);
    this.#rooms.set(roomId, room);
    return room;
  }

  #receive(room: LocalRoom, payload: Buffer): void {
    const { header, events } = decodeRoomBroadcast(payload);
    if (header.kind !== 'events') {
      this.#receiveNotice(room, header);
      return;
    }
    const { firstSeq, lastSeq, members: hasMembershipChanges = false, at } = header;
    if (at !== undefined) this.#metrics.busLag.observe(Math.max(0, this.#clock.now() - at) / 1_000);
    this.#pass(room, room.order.accept({ firstSeq, lastSeq, body: events, hasMembershipChanges }));
    if (room.order.hasGap) void this.#repair(room);
  }

  /** Ignores kinds that a later release added. */
  #receiveNotice(room: LocalRoom, notice: RoomNotice): void {
    const { roomId } = room;
    switch (notice.kind) {
      case 'typing':
        if (!room.addTyping(notice.userId, this.#clock.monotonic())) return;
        break;
      case 'read':
        for (const { userId, seq } of notice.readings) {
          room.addNotice(userId, { event: 'room_read', data: { roomId, userId, seq } });
        }
        break;
      default:
        return;
    }
    this.#tick.add(room);
  }

  #repair(room: LocalRoom): Promise<void> {
    room.repair ??= this.#filler
      .fill(room, (batches) => {
        if (batches.length > 0) this.#metrics.gapsFilled.inc();
        this.#pass(room, batches);
      })
      .finally(() => {
        room.repair = undefined;
      });
    return room.repair;
  }

  #pass(room: LocalRoom, batches: readonly Batch[]): void {
    if (batches.length === 0) return;
    for (const batch of batches) room.push(batch);
    if (!room.isWriteScheduled) this.#tick.add(room);
  }

  #flush(rooms: ReadonlySet<LocalRoom>): void {
    const now = this.#clock.monotonic();
    const due: LocalRoom[] = [];
    for (const room of rooms) {
      if (room.nextWriteAt <= now) due.push(room);
      else this.#writeLater(room, room.nextWriteAt - now);
    }
    const shared = subscribersOfSeveral(due);
    for (const subscriber of shared) subscriber.cork();
    let deliveries = 0;
    for (const room of due) {
      deliveries += room.flush();
      room.nextWriteAt = now + writeIntervalMs(room.subscriptions.size);
    }
    for (const subscriber of shared) subscriber.uncork();
    this.#metrics.deliveries.inc(deliveries);
  }

  #writeLater(room: LocalRoom, milliseconds: number): void {
    if (room.isWriteScheduled) return;
    room.isWriteScheduled = true;
    this.#clock.after(milliseconds, () => {
      room.isWriteScheduled = false;
      this.#tick.add(room);
    });
  }
}

/** Connections with frames of several rooms: corking them saves system calls, corking the others would cost time. */
function subscribersOfSeveral(rooms: readonly LocalRoom[]): ReadonlySet<RoomSubscriber> {
  const seen = new Set<RoomSubscriber>();
  const several = new Set<RoomSubscriber>();
  if (rooms.length < 2) return several;
  for (const { subscriptions } of rooms) {
    for (const { subscriber } of subscriptions) {
      if (seen.has(subscriber)) several.add(subscriber);
      else seen.add(subscriber);
    }
  }
  return several;
}

function isBehind(room: LocalRoom, head: number): boolean {
  return (room.order.lastSeq ?? 0) < head;
}
