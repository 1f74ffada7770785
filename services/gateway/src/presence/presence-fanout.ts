import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BUS, type Bus, type Subscription } from '@parley/bus';
import { decodePresenceChanges, PRESENCE_CHANNEL, type PresenceChange } from '@parley/contracts';
import { CLOCK, type Clock } from '@parley/platform';
import type { ConnectionEvent, PresenceStatus, UserId } from '@parley/protocol';
import { textFrame } from '../fanout/frame.ts';
import { RoomHub } from '../fanout/room-hub.ts';
import type { RoomSubscriber } from '../fanout/room-subscription.ts';
import { METRICS, type GatewayMetrics } from '../metrics.ts';

/** Minimum time between two announced changes of one user. */
export const USER_INTERVAL_MS = 1_000;
/** Changes within this time share one frame per connection. */
const BATCH_MS = 50;
const FORGET_AFTER_MS = 60_000;

interface UserPresence {
  /** Its roomIds are dropped once it has been delivered. */
  latest: PresenceChange;
  /** The status last sent to this gateway's connections. */
  sentStatus: PresenceStatus | undefined;
  sentAt: number;
}

/** Delivers presence changes from the bus to the connections that share a room with the user. */
@Injectable()
export class PresenceFanout implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #bus: Bus;
  readonly #hub: RoomHub;
  readonly #clock: Clock;
  readonly #metrics: Pick<GatewayMetrics, 'deliveries'>;
  readonly #users = new Map<UserId, UserPresence>();
  readonly #pending = new Set<UserId>();
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
      for (const change of decodePresenceChanges(payload)) this.#receive(change);
    });
    this.#subscription.acknowledged.catch(() => undefined);
    this.#scheduleForgetting();
  }

  onApplicationShutdown(): void {
    this.#subscription?.close();
    this.#timer?.cancel();
    this.#cancelForgetting?.();
  }

  #receive(change: PresenceChange): void {
    const known = this.#users.get(change.userId);
    if (known !== undefined && known.latest.at > change.at) return;
    if (known === undefined) {
      this.#users.set(change.userId, { latest: change, sentStatus: undefined, sentAt: -Infinity });
    } else {
      known.latest = change;
    }
    this.#pending.add(change.userId);
    const now = this.#clock.monotonic();
    this.#deliverAt(Math.max(now + BATCH_MS, (known?.sentAt ?? -Infinity) + USER_INTERVAL_MS));
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
    const frames = new Map<RoomSubscriber, string[]>();
    let next = Infinity;
    for (const userId of this.#pending) {
      const known = this.#users.get(userId);
      const due = (known?.sentAt ?? -Infinity) + USER_INTERVAL_MS;
      if (due > now) {
        next = Math.min(next, due);
        continue;
      }
      this.#pending.delete(userId);
      if (known === undefined) continue;
      const { latest } = known;
      known.latest = { ...latest, roomIds: [] };
      if (known.sentStatus === latest.status) continue;
      known.sentStatus = latest.status;
      known.sentAt = now;
      this.#addEvent(latest, frames);
    }
    for (const [subscriber, items] of frames) subscriber.writeShared(textFrame(items));
    this.#metrics.deliveries.inc(frames.size);
    if (next < Infinity) this.#deliverAt(next);
  }

  /** Adds one event for each connection, regardless of how many rooms it shares with the user. */
  #addEvent({ userId, status, lastSeenAt, roomIds }: PresenceChange, frames: Map<RoomSubscriber, string[]>): void {
    const subscribers = new Set<RoomSubscriber>();
    for (const roomId of roomIds) {
      for (const { subscriber, isOpen } of this.#hub.subscriptionsIn(roomId)) {
        if (isOpen && subscriber.userId !== userId) subscribers.add(subscriber);
      }
    }
    if (subscribers.size === 0) return;
    const data = { userId, status, ...(lastSeenAt === undefined ? {} : { lastSeenAt }) };
    const item = JSON.stringify({ event: 'presence_changed', data } satisfies ConnectionEvent);
    for (const subscriber of subscribers) {
      const items = frames.get(subscriber);
      if (items === undefined) frames.set(subscriber, [item]);
      else items.push(item);
    }
  }

  /** Bounds memory: the next change of a forgotten user is sent even if the status is the same. */
  #scheduleForgetting(): void {
    this.#cancelForgetting = this.#clock.after(FORGET_AFTER_MS, () => {
      const before = this.#clock.monotonic() - FORGET_AFTER_MS;
      for (const [userId, { sentAt }] of this.#users) {
        if (sentAt < before && !this.#pending.has(userId)) this.#users.delete(userId);
      }
      this.#scheduleForgetting();
    });
  }
}
