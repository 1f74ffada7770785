import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BUS, type Bus, type Subscription } from '@parley/bus';
import { decodePresenceChanges, PRESENCE_CHANNEL, type PresenceChange } from '@parley/contracts';
import { CLOCK, type Clock } from '@parley/platform';
import type { ConnectionEvent, PresenceStatus, UserId } from '@parley/protocol';
import { textFrame } from '../fanout/frame.ts';
import { RoomHub } from '../fanout/room-hub.ts';
import type { SeatHolder } from '../fanout/seat.ts';
import { METRICS, type GatewayMetrics } from '../metrics.ts';

/** Nobody is told of one person more often. */
export const PERSON_INTERVAL_MS = 1_000;
/** What comes within this goes to each connection as one frame. */
const GATHER_MS = 50;
const FORGET_MS = 60_000;

interface Known {
  /** Without its rooms once it has been delivered. */
  latest: PresenceChange;
  /** What the connections here were last told. */
  told: PresenceStatus | undefined;
  toldAt: number;
}

/** Brings what gateways say of people to those here who share a room with them. */
@Injectable()
export class PresenceFanout implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #bus: Bus;
  readonly #hub: RoomHub;
  readonly #clock: Clock;
  readonly #metrics: Pick<GatewayMetrics, 'deliveries'>;
  readonly #people = new Map<UserId, Known>();
  readonly #waiting = new Set<UserId>();
  #subscription: Subscription | undefined;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  #cancelForgetting: (() => void) | undefined;

  constructor(
    @Inject(BUS) bus: Bus,
    hub: RoomHub,
    @Inject(CLOCK) clock: Clock,
    @Inject(METRICS) metrics: Pick<GatewayMetrics, 'deliveries'>,
  ) {
    this.#bus = bus;
    this.#hub = hub;
    this.#clock = clock;
    this.#metrics = metrics;
  }

  onApplicationBootstrap(): void {
    this.#subscription = this.#bus.subscribe(PRESENCE_CHANNEL, (payload) => {
      for (const change of decodePresenceChanges(payload)) this.#hear(change);
    });
    this.#subscription.acknowledged.catch(() => undefined);
    this.#forgetLater();
  }

  onApplicationShutdown(): void {
    this.#subscription?.close();
    this.#timer?.cancel();
    this.#cancelForgetting?.();
  }

  #hear(change: PresenceChange): void {
    const known = this.#people.get(change.userId);
    if (known !== undefined && known.latest.at > change.at) return;
    if (known === undefined) {
      this.#people.set(change.userId, { latest: change, told: undefined, toldAt: -Infinity });
    } else {
      known.latest = change;
    }
    this.#waiting.add(change.userId);
    const now = this.#clock.monotonic();
    this.#deliverAt(Math.max(now + GATHER_MS, (known?.toldAt ?? -Infinity) + PERSON_INTERVAL_MS));
  }

  #deliverAt(at: number): void {
    if (this.#timer !== undefined && this.#timer.at <= at) return;
    this.#timer?.cancel();
    const cancel = this.#clock.after(Math.max(0, at - this.#clock.monotonic()), () => {
      this.#timer = undefined;
      this.#deliver();
    });
    this.#timer = { at, cancel };
  }

  #deliver(): void {
    const now = this.#clock.monotonic();
    const frames = new Map<SeatHolder, string[]>();
    let next = Infinity;
    for (const userId of this.#waiting) {
      const known = this.#people.get(userId);
      const due = (known?.toldAt ?? -Infinity) + PERSON_INTERVAL_MS;
      if (due > now) {
        next = Math.min(next, due);
        continue;
      }
      this.#waiting.delete(userId);
      if (known === undefined) continue;
      const { latest } = known;
      known.latest = { ...latest, roomIds: [] };
      if (known.told === latest.status) continue;
      known.told = latest.status;
      known.toldAt = now;
      this.#address(latest, frames);
    }
    for (const [holder, items] of frames) holder.writeShared(textFrame(items));
    this.#metrics.deliveries.inc(frames.size);
    if (next < Infinity) this.#deliverAt(next);
  }

  /** Once for each connection, however many rooms it shares with that person. */
  #address({ userId, status, lastSeenAt, roomIds }: PresenceChange, frames: Map<SeatHolder, string[]>): void {
    const holders = new Set<SeatHolder>();
    for (const roomId of roomIds) {
      for (const { holder, isOpen } of this.#hub.seatsIn(roomId)) {
        if (isOpen && holder.userId !== userId) holders.add(holder);
      }
    }
    if (holders.size === 0) return;
    const data = { userId, status, ...(lastSeenAt === undefined ? {} : { lastSeenAt }) };
    const item = JSON.stringify({ event: 'presence_changed', data } satisfies ConnectionEvent);
    for (const holder of holders) {
      const items = frames.get(holder);
      if (items === undefined) frames.set(holder, [item]);
      else items.push(item);
    }
  }

  /** Whoever has not changed for long is told anew whatever they change to. */
  #forgetLater(): void {
    this.#cancelForgetting = this.#clock.after(FORGET_MS, () => {
      const before = this.#clock.monotonic() - FORGET_MS;
      for (const [userId, { toldAt }] of this.#people) {
        if (toldAt < before && !this.#waiting.has(userId)) this.#people.delete(userId);
      }
      this.#forgetLater();
    });
  }
}
