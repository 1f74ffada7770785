import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BUS, type Bus } from '@parley/bus';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import { CLOCK, LOGGER, type Clock, type Logger } from '@parley/platform';
import type { RoomId } from '@parley/protocol';
import { RoomHub } from '../fanout/room-hub.ts';
import { RoomSummaries } from '../rooms/room-summaries.ts';
import { slices } from '../rooms/slices.ts';
import { METRICS, type GatewayMetrics } from '../metrics.ts';
import type { Connection } from './connection.ts';
import { LocalUsers, type LocalUser } from './local-users.ts';
import { RoomSync } from './room-sync.ts';

/** Everything is compared once in a round of so many turns. */
const TURNS = 6;
const TURN_MS = 5_000;
/** The calls of one turn are spread over this. */
const SPREAD_MS = 4_000;
const AFTER_RESTORED_MS = 5_000;

/**
 * The truth is in the database and the bus only hints at it. Every 30 s each room, person and session that is connected
 * here is compared with the database, and the difference applied. What to compare is looked up at every turn, so that
 * what came in the middle of a round has its turn in time, too.
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
  readonly #cancels = new Set<() => void>();
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
        this.#comparisons(() => true),
        AFTER_RESTORED_MS,
      );
    });
    // Gateways that were started together do not ask together.
    this.#later(TURN_MS * Math.random(), () => {
      this.#takeTurn(0);
    });
  }

  onApplicationShutdown(): void {
    this.#unsubscribe?.();
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #takeTurn(turn: number): void {
    this.#spread(
      this.#comparisons((id) => turnOf(id) === turn),
      SPREAD_MS,
    );
    this.#later(TURN_MS, () => {
      this.#takeTurn((turn + 1) % TURNS);
    });
  }

  /** With those whose id is chosen, at most 1,000 of them in one call. */
  #comparisons(isChosen: (id: string) => boolean): (() => Promise<void>)[] {
    const users = this.#users.all().filter(({ userId }) => isChosen(userId));
    return [
      ...slices(users).map((slice) => () => this.#compareSessions(slice)),
      ...slices(users).map((slice) => () => this.#compareUsers(slice)),
      ...slices(this.#hub.roomIds.filter(isChosen)).map((slice) => () => this.#compareRooms(slice)),
    ];
  }

  #spread(steps: readonly (() => Promise<void>)[], milliseconds: number): void {
    steps.forEach((step, index) => {
      this.#later((milliseconds * index) / steps.length, () => {
        step().catch((error: unknown) => {
          this.#logger.warn({ err: error }, 'A comparison with the database failed; the next one repeats it.');
        });
      });
    });
  }

  async #compareRooms(roomIds: readonly RoomId[]): Promise<void> {
    const heads = await this.#summaries.readHeads(roomIds);
    for (const { roomId, seq } of heads.values()) this.#hub.expect(roomId, seq);
  }

  async #compareUsers(users: readonly LocalUser[]): Promise<void> {
    const { versions } = await this.#rooms.getRoomsVersions({ userIds: users.map(({ userId }) => userId) });
    const stored = new Map(versions.map(({ userId, roomsVersion }) => [userId, roomsVersion]));
    for (const { userId, connections } of users) {
      const version = stored.get(userId);
      if (version !== undefined && [...connections].some((connection) => isOlder(connection, version))) {
        this.#sync.hint(userId);
      }
    }
  }

  async #compareSessions(users: readonly LocalUser[]): Promise<void> {
    const connected = users.flatMap(({ connections }) => [...connections]);
    const sessionIds = [...new Set(connected.map(({ session }) => session.sessionId))];
    for (const slice of slices(sessionIds)) {
      const ended = new Set((await this.#rooms.findEndedSessions({ sessionIds: slice })).sessionIds);
      if (ended.size > 0) for (const user of users) this.#users.endSessions(user, ended);
    }
  }

  #later(milliseconds: number, task: () => void): void {
    const cancel = this.#clock.after(milliseconds, () => {
      this.#cancels.delete(cancel);
      task();
    });
    this.#cancels.add(cancel);
  }
}

function isOlder({ state }: Connection, roomsVersion: number): boolean {
  return state.name === 'joined' && state.roomsVersion < roomsVersion;
}

/** Always the same for one id, and about as often each for many. */
function turnOf(id: string): number {
  let sum = 0;
  for (let index = 0; index < id.length; index++) sum += id.charCodeAt(index);
  return sum % TURNS;
}
