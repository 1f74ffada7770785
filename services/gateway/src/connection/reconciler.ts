import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BUS, type Bus } from '@parley/bus';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import { CLOCK, LOGGER, type Clock, type Logger } from '@parley/platform';
import type { RoomId } from '@parley/protocol';
import { RoomHub } from '../fanout/room-hub.ts';
import { RoomSummaries } from '../rooms/room-summaries.ts';
import { chunks } from '../rpc/chunks.ts';
import { METRICS, type GatewayMetrics } from '../metrics.ts';
import type { Connection } from './connection.ts';
import { LocalUsers, type LocalUser } from './local-users.ts';
import { RoomSync } from './room-sync.ts';

/** Users and rooms are divided into this many parts by id; one part is compared per interval. */
const PARTS = 6;
const PART_INTERVAL_MS = 5_000;
/** The calls of one part are spread over this time. */
const SPREAD_MS = 4_000;
const AFTER_RESTORED_MS = 5_000;

/**
 * Reconciliation: compares every local room, user and session with the database every 30 s and applies the difference,
 * since the bus may lose messages. The rooms and users are looked up for each part, so new ones are compared in time, too.
 */
@Injectable()
export class Reconciler implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #rooms: Pick<RoomApi, 'getRoomsVersions' | 'findEndedSessions'>;
  readonly #summaries: RoomSummaries;
  readonly #hub: RoomHub;
  readonly #users: LocalUsers;
  readonly #sync: RoomSync;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #metrics: Pick<GatewayMetrics, 'busReconnects'>;
  readonly #cancellations = new Set<() => void>();
  #unsubscribe: (() => void) | undefined;

  constructor(
    @Inject(ROOM_API) rooms: Pick<RoomApi, 'getRoomsVersions' | 'findEndedSessions'>,
    summaries: RoomSummaries,
    hub: RoomHub,
    users: LocalUsers,
    sync: RoomSync,
    @Inject(BUS) bus: Bus,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
    @Inject(METRICS) metrics: Pick<GatewayMetrics, 'busReconnects'>,
  ) {
    this.#rooms = rooms;
    this.#summaries = summaries;
    this.#hub = hub;
    this.#users = users;
    this.#sync = sync;
    this.#bus = bus;
    this.#clock = clock;
    this.#logger = logger;
    this.#metrics = metrics;
  }

  onApplicationBootstrap(): void {
    this.#unsubscribe = this.#bus.onRestored(() => {
      this.#metrics.busReconnects.inc();
      this.#spread(
        this.#comparisonsOf(() => true),
        AFTER_RESTORED_MS,
      );
    });
    // Random, so that gateways started together do not query at the same time.
    this.#schedule(PART_INTERVAL_MS * Math.random(), () => {
      this.#comparePart(0);
    });
  }

  onApplicationShutdown(): void {
    this.#unsubscribe?.();
    for (const cancel of this.#cancellations) cancel();
    this.#cancellations.clear();
  }

  #comparePart(part: number): void {
    this.#spread(
      this.#comparisonsOf((id) => partOf(id) === part),
      SPREAD_MS,
    );
    this.#schedule(PART_INTERVAL_MS, () => {
      this.#comparePart((part + 1) % PARTS);
    });
  }

  /** The calls that compare the users and rooms whose ids are chosen. */
  #comparisonsOf(isChosen: (id: string) => boolean): (() => Promise<void>)[] {
    const users = this.#users.all().filter(({ userId }) => isChosen(userId));
    return [
      ...chunks(users).map((chunk) => () => this.#compareSessions(chunk)),
      ...chunks(users).map((chunk) => () => this.#compareUsers(chunk)),
      ...chunks(this.#hub.roomIds.filter(isChosen)).map((chunk) => () => this.#compareRooms(chunk)),
    ];
  }

  #spread(steps: readonly (() => Promise<void>)[], milliseconds: number): void {
    steps.forEach((step, index) => {
      this.#schedule((milliseconds * index) / steps.length, () => {
        step().catch((error: unknown) => {
          this.#logger.warn(
            { err: error },
            'Reconciliation with the database failed; it is repeated with the next interval.',
          );
        });
      });
    });
  }

  async #compareRooms(roomIds: readonly RoomId[]): Promise<void> {
    const heads = await this.#summaries.readHeads(roomIds);
    for (const { roomId, seq } of heads.values()) this.#hub.expectHead(roomId, seq);
  }

  async #compareUsers(users: readonly LocalUser[]): Promise<void> {
    const { versions } = await this.#rooms.getRoomsVersions({ userIds: users.map(({ userId }) => userId) });
    const stored = new Map(versions.map(({ userId, roomsVersion }) => [userId, roomsVersion]));
    for (const { userId, connections } of users) {
      const version = stored.get(userId);
      if (version !== undefined && [...connections].some((connection) => isOlder(connection, version))) {
        this.#sync.syncInBackground(userId);
      }
    }
  }

  async #compareSessions(users: readonly LocalUser[]): Promise<void> {
    const connected = users.flatMap(({ connections }) => [...connections]);
    const sessionIds = [...new Set(connected.map(({ session }) => session.sessionId))];
    for (const chunk of chunks(sessionIds)) {
      const ended = new Set((await this.#rooms.findEndedSessions({ sessionIds: chunk })).sessionIds);
      if (ended.size > 0) for (const user of users) this.#users.endSessions(user, ended);
    }
  }

  #schedule(milliseconds: number, task: () => void): void {
    const cancel = this.#clock.after(milliseconds, () => {
      this.#cancellations.delete(cancel);
      task();
    });
    this.#cancellations.add(cancel);
  }
}

function isOlder({ state }: Connection, roomsVersion: number): boolean {
  return state.name === 'joined' && state.roomsVersion < roomsVersion;
}

/** Stable for an id, and evenly distributed over many. */
function partOf(id: string): number {
  let sum = 0;
  for (let index = 0; index < id.length; index++) sum += id.charCodeAt(index);
  return sum % PARTS;
}
