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
import { chunks } from '../rpc/chunks.ts';

/** A change of a user's status. */
export interface StatusChange {
  readonly userId: UserId;
  readonly from: PresenceStatus;
  readonly to: PresenceStatus;
  /** Time by the registry's clock, which all gateways share. */
  readonly at: number;
}

/** 150 KiB with 20 rooms per user. */
const CHANGES_PER_BROADCAST = 200;
/** Changes published within this time before the bus was restored may have been lost. */
const RECENT_MS = 60_000;

/** Publishes status changes to all gateways: one broadcast per tick, regardless of the number of rooms. */
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
      this.#forgetOld();
      this.#publish([...this.#recent.values()].map(({ change }) => change)).catch((error: unknown) => {
        this.#logger.warn({ err: error }, 'Failed to repeat recent presence changes.');
      });
    });
  }

  onApplicationShutdown(): void {
    this.#unsubscribe?.();
  }

  /** Rejects when publishing fails. Changes that the bus loses are repeated when it is restored. */
  async announce(changes: readonly StatusChange[]): Promise<void> {
    if (changes.length === 0) return;
    const connectedOrLeft = changes.filter(({ from, to }) => from !== to && (from === 'offline' || to === 'offline'));
    await this.noteSeen(connectedOrLeft.map(({ userId }) => userId));
    const { audiences } = await this.#rooms.getAudiences({ userIds: changes.map(({ userId }) => userId) });
    const roomIds = new Map(audiences.map((audience) => [audience.userId, audience.roomIds]));
    const lastSeenAt = Date.now();
    const announced = changes.map(({ userId, to: status, at }) => ({
      ...{ userId, status, at, roomIds: roomIds.get(userId) ?? [] },
      ...(status === 'offline' ? { lastSeenAt } : {}),
    }));
    this.#forgetOld();
    const until = this.#clock.monotonic() + RECENT_MS;
    for (const change of announced) this.#recent.set(change.userId, { change, until });
    await this.#publish(announced);
  }

  /** Stores that the users were seen now. Never rejects: the next change of status stores it again. */
  async noteSeen(userIds: readonly UserId[]): Promise<void> {
    const at = Date.now();
    try {
      for (const chunk of chunks(userIds)) {
        await this.#rooms.noteSeen({ people: chunk.map((userId) => ({ userId, at })) });
      }
    } catch (error) {
      this.#logger.warn({ err: error, users: userIds.length }, 'Failed to store when users were last seen.');
    }
  }

  async #publish(changes: readonly PresenceChange[]): Promise<void> {
    for (const chunk of chunks(changes, CHANGES_PER_BROADCAST)) {
      await this.#bus.publish(PRESENCE_CHANNEL, encodePresenceChanges(chunk));
    }
  }

  #forgetOld(): void {
    const now = this.#clock.monotonic();
    for (const [userId, { until }] of this.#recent) if (until < now) this.#recent.delete(userId);
  }
}
