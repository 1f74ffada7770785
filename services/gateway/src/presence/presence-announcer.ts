import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BUS, type Bus } from '@parley/bus';
import {
  encodePresenceChanges,
  PRESENCE_CHANNEL,
  ROOM_API,
  type PresenceChange,
  type RoomApi,
} from '@parley/contracts';
import { CLOCK, LOGGER, type Clock, type Logger } from '@parley/platform';
import type { PresenceStatus, UserId } from '@parley/protocol';
import { slices } from '../rooms/slices.ts';

/** What became of somebody's status. */
export interface StatusChange {
  readonly userId: UserId;
  readonly from: PresenceStatus;
  readonly to: PresenceStatus;
  /** By the clock that all gateways share. */
  readonly at: number;
}

/** With 20 rooms a person 150 KiB. */
const CHANGES_PER_BROADCAST = 200;
/** What was said so long before the bus came back may have been lost. */
const RECENT_MS = 60_000;

/** Tells the other gateways what changed, all of one tick in one broadcast, however many rooms it concerns. */
@Injectable()
export class PresenceAnnouncer implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #rooms: Pick<RoomApi, 'getAudiences' | 'noteSeen'>;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #recent = new Map<UserId, { readonly change: PresenceChange; readonly until: number }>();
  #unsubscribe: (() => void) | undefined;

  constructor(
    @Inject(ROOM_API) rooms: Pick<RoomApi, 'getAudiences' | 'noteSeen'>,
    @Inject(BUS) bus: Bus,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#rooms = rooms;
    this.#bus = bus;
    this.#clock = clock;
    this.#logger = logger;
  }

  onApplicationBootstrap(): void {
    this.#unsubscribe = this.#bus.onRestored(() => {
      this.#forget();
      this.#publish([...this.#recent.values()].map(({ change }) => change)).catch((error: unknown) => {
        this.#logger.warn({ err: error }, 'Who came and went meanwhile could not be told again.');
      });
    });
  }

  onApplicationShutdown(): void {
    this.#unsubscribe?.();
  }

  /** Rejects when it could not be told; what the bus loses later is told again when it is back. */
  async announce(changes: readonly StatusChange[]): Promise<void> {
    if (changes.length === 0) return;
    const cameOrWent = changes.filter(({ from, to }) => from !== to && (from === 'offline' || to === 'offline'));
    await this.noteSeen(cameOrWent.map(({ userId }) => userId));
    const { audiences } = await this.#rooms.getAudiences({ userIds: changes.map(({ userId }) => userId) });
    const roomIds = new Map(audiences.map((audience) => [audience.userId, audience.roomIds]));
    const lastSeenAt = Date.now();
    const told = changes.map(({ userId, to: status, at }) => ({
      ...{ userId, status, at, roomIds: roomIds.get(userId) ?? [] },
      ...(status === 'offline' ? { lastSeenAt } : {}),
    }));
    this.#forget();
    const until = this.#clock.monotonic() + RECENT_MS;
    for (const change of told) this.#recent.set(change.userId, { change, until });
    await this.#publish(told);
  }

  /** That they were here just now. Never rejects: the next time that they come or go says it anew. */
  async noteSeen(userIds: readonly UserId[]): Promise<void> {
    const at = Date.now();
    try {
      for (const slice of slices(userIds)) {
        await this.#rooms.noteSeen({ people: slice.map((userId) => ({ userId, at })) });
      }
    } catch (error) {
      this.#logger.warn({ err: error, people: userIds.length }, 'When people were last seen could not be stored.');
    }
  }

  async #publish(changes: readonly PresenceChange[]): Promise<void> {
    for (const slice of slices(changes, CHANGES_PER_BROADCAST)) {
      await this.#bus.publish(PRESENCE_CHANNEL, encodePresenceChanges(slice));
    }
  }

  #forget(): void {
    const now = this.#clock.monotonic();
    for (const [userId, { until }] of this.#recent) if (until < now) this.#recent.delete(userId);
  }
}
