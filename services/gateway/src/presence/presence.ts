import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CLOCK, CoalescedRuns, LOGGER, type Clock, type Logger } from '@parley/platform';
import type { PresenceStatus, UserId } from '@parley/protocol';
import { chunks } from '../rpc/chunks.ts';
import { CONNECTION_REGISTRY, statusOf, type ConnectionRegistry, type ConnectionRow } from './connection-registry.ts';
import { LocalConnections, type PresenceConnection } from './local-connections.ts';
import { PresenceAnnouncer, type StatusChange } from './presence-announcer.ts';

/** Changes are collected and compared at this interval. */
export const TICK_MS = 500;
/** Delay before failed updates are retried. */
export const RETRY_MS = 5_000;
/** A user who reconnects within this time stays online for others. */
export const LINGER_MS = 10_000;
const USERS_PER_QUERY = 500;

/**
 * Keeps this gateway's connections in the registry and announces changes of users' statuses, which depend on the
 * connections at all gateways.
 */
@Injectable()
export class Presence implements OnApplicationBootstrap {
  readonly #registry: ConnectionRegistry;
  readonly #announcer: PresenceAnnouncer;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #local = new LocalConnections();
  /** Status of each local user by this gateway's rows in the registry. */
  readonly #written = new Map<UserId, PresenceStatus>();
  /** Last status announced for users whose latest change could not be published. */
  readonly #unannounced = new Map<UserId, PresenceStatus>();
  readonly #changed = new Set<UserId>();
  readonly #orphans = new Set<UserId>();
  readonly #evaluations = new CoalescedRuns(() => this.#evaluate());
  #cancelTick: (() => void) | undefined;
  #unsubscribe: (() => void) | undefined;
  #closed = false;

  constructor(
    @Inject(CONNECTION_REGISTRY) registry: ConnectionRegistry,
    announcer: PresenceAnnouncer,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#registry = registry;
    this.#announcer = announcer;
    this.#clock = clock;
    this.#logger = logger;
  }

  onApplicationBootstrap(): void {
    this.#unsubscribe = this.#registry.onOrphans((userIds) => {
      for (const userId of userIds) this.#orphans.add(userId);
      this.#evaluateSoon();
    });
  }

  add(connection: PresenceConnection): void {
    this.#local.add(connection);
    this.#markChanged(connection.userId);
  }

  remove(connection: PresenceConnection): void {
    const cancel = this.#clock.after(LINGER_MS, () => {
      this.#local.remove(connection);
      this.#markChanged(connection.userId);
    });
    this.#local.linger(connection, cancel);
  }

  setAway(connection: PresenceConnection, away: boolean): void {
    if (this.#local.setAway(connection, away)) this.#markChanged(connection.userId);
  }

  /** The status of each user. Rejects when the registry is unavailable. */
  async find(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, PresenceStatus>> {
    const rows = Map.groupBy(await this.#registry.find(userIds), ({ userId }) => userId);
    return new Map(userIds.map((userId) => [userId, statusOf(rows.get(userId) ?? [])]));
  }

  /** To be called when all connections are closed. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTick?.();
    this.#unsubscribe?.();
    const userIds = this.#local.userIds;
    this.#local.clear();
    await this.#announcer.noteSeen(userIds);
    await this.#registry.close();
  }

  #markChanged(userId: UserId): void {
    this.#changed.add(userId);
    this.#evaluateSoon();
  }

  #evaluateSoon(milliseconds = TICK_MS): void {
    if (this.#closed) return;
    this.#cancelTick ??= this.#clock.after(milliseconds, () => {
      this.#cancelTick = undefined;
      void this.#evaluations.run();
    });
  }

  async #evaluate(): Promise<void> {
    const changed = [...this.#changed];
    const orphans = [...this.#orphans];
    this.#changed.clear();
    this.#orphans.clear();
    for (const chunk of chunks(changed, USERS_PER_QUERY)) {
      await this.#attempt(chunk, this.#changed, () => this.#compare(chunk));
    }
    for (const chunk of chunks(orphans, USERS_PER_QUERY)) {
      await this.#attempt(chunk, this.#orphans, () => this.#announceOrphansOffline(chunk));
    }
  }

  async #attempt(userIds: readonly UserId[], again: Set<UserId>, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger.warn({ err: error, users: userIds.length }, 'Presence update failed; retrying.');
      for (const userId of userIds) again.add(userId);
      this.#evaluateSoon(RETRY_MS);
    }
  }

  /**
   * The other gateways' rows are read before and after the own write. So if several gateways change a user at once, at
   * least one of them sees the other's change and announces the final status, even if it equals the first one, since
   * another gateway may have announced a status in between.
   */
  async #compare(userIds: readonly UserId[]): Promise<void> {
    const own = new Map(userIds.map((userId) => [userId, this.#local.of(userId)]));
    const before = this.#byUserElsewhere(await this.#registry.find(userIds));
    await this.#registry.write(own);
    const at = await this.#registry.now();
    const after = this.#byUserElsewhere(await this.#registry.find(userIds));
    const changes = userIds.flatMap((userId): StatusChange[] => {
      const [was, is] = [this.#written.get(userId) ?? 'offline', statusOf(own.get(userId) ?? [])];
      const [elsewhere, stillElsewhere] = [before.get(userId) ?? [], after.get(userId) ?? []];
      if (is === 'offline') this.#written.delete(userId);
      else this.#written.set(userId, is);
      const from = this.#unannounced.get(userId) ?? mostActive(was, statusOf(elsewhere));
      const to = mostActive(is, statusOf(stillElsewhere));
      // Rows do not show that a connection was away and came back; a user who left and returned has another connection.
      const awayChanged = was !== is && was !== 'offline' && is !== 'offline';
      if (from === to && !awayChanged && haveSameConnections(elsewhere, stillElsewhere)) return [];
      this.#unannounced.set(userId, from);
      return [{ userId, from, to, at }];
    });
    await this.#announcer.announce(changes);
    for (const { userId } of changes) this.#unannounced.delete(userId);
  }

  /** Announces the users of a dead gateway, except those who are online elsewhere. */
  async #announceOrphansOffline(userIds: readonly UserId[]): Promise<void> {
    const at = await this.#registry.now();
    const statuses = await this.find(userIds);
    const changes = [...statuses].filter(([, status]) => status !== 'online');
    await this.#announcer.announce(changes.map(([userId, to]) => ({ userId, from: 'online', to, at })));
  }

  #byUserElsewhere(rows: readonly ConnectionRow[]): ReadonlyMap<UserId, readonly ConnectionRow[]> {
    const others = rows.filter(({ gatewayId }) => gatewayId !== this.#registry.gatewayId);
    return Map.groupBy(others, ({ userId }) => userId);
  }
}

/** Ignores the order. */
function haveSameConnections(some: readonly ConnectionRow[], others: readonly ConnectionRow[]): boolean {
  return (
    some.length === others.length &&
    some.every((one) => others.some((other) => other.connectionId === one.connectionId && other.away === one.away))
  );
}

/** A user's status is that of their most active connection. */
function mostActive(one: PresenceStatus, other: PresenceStatus): PresenceStatus {
  if (one === 'online' || other === 'online') return 'online';
  return one === 'away' || other === 'away' ? 'away' : 'offline';
}
