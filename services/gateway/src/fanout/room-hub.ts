import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { BUS, type Bus } from '@parley/bus';
import { decodeRoomBroadcast, roomChannel, type RoomNotice } from '@parley/contracts';
import { CLOCK, TickQueue, type Clock } from '@parley/platform';
import type { RoomId } from '@parley/protocol';
import { METRICS, type GatewayMetrics } from '../metrics.ts';
import { GapFiller } from './gap-filler.ts';
import { LocalRoom } from './local-room.ts';
import type { Batch } from './log-order.ts';
import { restAfterFrame } from './pace.ts';
import { Seat, type SeatHolder } from './seat.ts';

/** A room's channel stays subscribed so long after its last local member, who may well be back. */
export const DROP_AFTER_MS = 30_000;
/** What the database has may still be on its way over the bus. */
export const GRACE_MS = 250;

/** Who of this gateway is in which room, and the way of a room's log to them. */
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
   * A place in the room, closed still. `acknowledged`: from then on the bus brings all that is published there. `roomId`:
   * the same, as the one string that is there for all who are in the room.
   */
  take(roomId: RoomId, holder: SeatHolder): { roomId: RoomId; seat: Seat; acknowledged: Promise<void> } {
    const room = this.#rooms.get(roomId) ?? this.#subscribe(roomId);
    room.cancelDrop?.();
    room.cancelDrop = undefined;
    const seat = new Seat(holder);
    room.seats.add(seat);
    return { roomId: room.roomId, seat, acknowledged: room.subscription.acknowledged };
  }

  /** Opens the seat: the client knows the room's log up to `head`. Returns whether the person is a member still. */
  open(roomId: RoomId, seat: Seat, head: number): boolean {
    const room = this.#rooms.get(roomId);
    room?.flush();
    const member = seat.open(head);
    this.expect(roomId, head);
    // What stands between the head and there passed this gateway by before it could be held back.
    if (room !== undefined && head < room.order.brokenAt) seat.holder.resync(roomId);
    return member;
  }

  give(roomId: RoomId, seat: Seat): void {
    const room = this.#rooms.get(roomId);
    if (room === undefined || !room.seats.delete(seat) || room.seats.size > 0) return;
    room.cancelDrop = this.#clock.after(DROP_AFTER_MS, () => {
      this.#rooms.delete(roomId);
      room.subscription.close();
    });
  }

  /** The database has the room's log up to `head`: whatever the bus does not bring soon is fetched. */
  expect(roomId: RoomId, head: number): void {
    const room = this.#rooms.get(roomId);
    if (room === undefined) return;
    room.order.startAt(head);
    if (isBehind(room, head)) {
      this.#clock.after(GRACE_MS, () => {
        if (isBehind(room, head) && this.#rooms.get(roomId) === room) void this.#fill(room);
      });
    }
  }

  /** Passes on everything that the room's log has at this moment. Never rejects. */
  async catchUp(roomId: RoomId): Promise<void> {
    const room = this.#rooms.get(roomId);
    if (room === undefined) return;
    await room.filling;
    await this.#fill(room);
    room.flush();
  }

  lastSeq(roomId: RoomId): number | undefined {
    return this.#rooms.get(roomId)?.order.lastSeq;
  }

  seatsIn(roomId: RoomId): Iterable<Seat> {
    return this.#rooms.get(roomId)?.seats ?? [];
  }

  get roomIds(): RoomId[] {
    return [...this.#rooms.keys()];
  }

  onApplicationShutdown(): void {
    for (const room of this.#rooms.values()) {
      room.cancelDrop?.();
      room.subscription.close();
    }
    this.#rooms.clear();
  }

  #subscribe(roomId: RoomId): LocalRoom {
    const subscription = this.#bus.subscribe(roomChannel(roomId), (payload) => {
      this.#receive(room, payload);
    });
    const room = new LocalRoom(roomId, subscription);
    this.#rooms.set(roomId, room);
    return room;
  }

  #receive(room: LocalRoom, payload: Buffer): void {
    const { header, events } = decodeRoomBroadcast(payload);
    if (header.kind !== 'events') {
      this.#notice(room, header);
      return;
    }
    const { firstSeq, lastSeq, members = false, at } = header;
    if (at !== undefined) this.#metrics.busLag.observe(Math.max(0, this.#clock.now() - at) / 1_000);
    this.#pass(room, room.order.accept({ firstSeq, lastSeq, body: events, members }));
    if (room.order.hasGap) void this.#fill(room);
  }

  /** A kind that a later release says is passed over. */
  #notice(room: LocalRoom, notice: RoomNotice): void {
    const { roomId } = room;
    switch (notice.kind) {
      case 'typing':
        if (!room.type(notice.userId, this.#clock.monotonic())) return;
        break;
      case 'read':
        for (const { userId, seq } of notice.readings) {
          room.notice(userId, { event: 'room_read', data: { roomId, userId, seq } });
        }
        break;
      default:
        return;
    }
    this.#tick.add(room);
  }

  #fill(room: LocalRoom): Promise<void> {
    room.filling ??= this.#filler
      .fill(room, (batches) => {
        if (batches.length > 0) this.#metrics.gapsFilled.inc();
        this.#pass(room, batches);
      })
      .finally(() => {
        room.filling = undefined;
      });
    return room.filling;
  }

  #pass(room: LocalRoom, batches: readonly Batch[]): void {
    if (batches.length === 0) return;
    for (const batch of batches) room.push(batch);
    if (!room.wakes) this.#tick.add(room);
  }

  #flush(rooms: ReadonlySet<LocalRoom>): void {
    const now = this.#clock.monotonic();
    const due: LocalRoom[] = [];
    for (const room of rooms) {
      if (room.restsUntil <= now) due.push(room);
      else this.#wakeLater(room, room.restsUntil - now);
    }
    const shared = seatedTwice(due);
    for (const holder of shared) holder.cork();
    let deliveries = 0;
    for (const room of due) {
      deliveries += room.flush();
      room.restsUntil = now + restAfterFrame(room.seats.size);
    }
    for (const holder of shared) holder.uncork();
    this.#metrics.deliveries.inc(deliveries);
  }

  #wakeLater(room: LocalRoom, milliseconds: number): void {
    if (room.wakes) return;
    room.wakes = true;
    this.#clock.after(milliseconds, () => {
      room.wakes = false;
      this.#tick.add(room);
    });
  }
}

/** Whose frames of several rooms go out in one system call; to cork all others would cost more than it saves. */
function seatedTwice(rooms: readonly LocalRoom[]): ReadonlySet<SeatHolder> {
  const seated = new Set<SeatHolder>();
  const twice = new Set<SeatHolder>();
  if (rooms.length < 2) return twice;
  for (const { seats } of rooms) {
    for (const { holder } of seats) {
      if (seated.has(holder)) twice.add(holder);
      else seated.add(holder);
    }
  }
  return twice;
}

function isBehind(room: LocalRoom, head: number): boolean {
  return (room.order.lastSeq ?? 0) < head;
}
