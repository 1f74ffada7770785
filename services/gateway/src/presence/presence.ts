import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CLOCK, CoalescedRuns, LOGGER, type Clock, type Logger } from '@parley/platform';
import type { PresenceStatus, UserId } from '@parley/protocol';
import { slices } from '../rooms/slices.ts';
import { CONNECTION_RECORD, statusOf, type ConnectionRecord, type ConnectionRow } from './connection-record.ts';
import { OwnConnections, type PresentConnection } from './own-connections.ts';
import { PresenceAnnouncer, type StatusChange } from './presence-announcer.ts';

/** Changes are looked at together, so often. */
export const TICK_MS = 500;
/** Without Redis it is tried again so often. */
export const RETRY_MS = 5_000;
/** Whoever comes back within this was never away. */
export const LINGER_MS = 10_000;
const PEOPLE_AT_ONCE = 500;

/** Who of this gateway's people is there, together with what the other gateways know of them. */
@Injectable()
export class Presence implements OnApplicationBootstrap {
  readonly #record: ConnectionRecord;
  readonly #announcer: PresenceAnnouncer;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #own = new OwnConnections();
  /** What the record has of this gateway's people. */
  readonly #written = new Map<UserId, PresenceStatus>();
  /** What others take somebody for of whom it could not be told that they changed. */
  readonly #untold = new Map<UserId, PresenceStatus>();
  readonly #changed = new Set<UserId>();
  readonly #orphans = new Set<UserId>();
  readonly #evaluations = new CoalescedRuns(() => this.#evaluate());
  #cancelTick: (() => void) | undefined;
  #unsubscribe: (() => void) | undefined;
  #closed = false;

  constructor(
    @Inject(CONNECTION_RECORD) record: ConnectionRecord,
    announcer: PresenceAnnouncer,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#record = record;
    this.#announcer = announcer;
    this.#clock = clock;
    this.#logger = logger;
  }

  onApplicationBootstrap(): void {
    this.#unsubscribe = this.#record.onOrphans((userIds) => {
      for (const userId of userIds) this.#orphans.add(userId);
      this.#soon();
    });
  }

  enter(connection: PresentConnection): void {
    this.#own.enter(connection);
    this.#change(connection.userId);
  }

  leave(connection: PresentConnection): void {
    const cancel = this.#clock.after(LINGER_MS, () => {
      this.#own.remove(connection);
      this.#change(connection.userId);
    });
    this.#own.linger(connection, cancel);
  }

  setAway(connection: PresentConnection, away: boolean): void {
    if (this.#own.setAway(connection, away)) this.#change(connection.userId);
  }

  /** Of each of them. Rejects when that cannot be known now. */
  async find(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, PresenceStatus>> {
    const rows = Map.groupBy(await this.#record.find(userIds), ({ userId }) => userId);
    return new Map(userIds.map((userId) => [userId, statusOf(rows.get(userId) ?? [])]));
  }

  /** Everybody has been sent to other gateways. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTick?.();
    this.#unsubscribe?.();
    const people = this.#own.userIds;
    this.#own.clear();
    await this.#announcer.noteSeen(people);
    await this.#record.close();
  }

  #change(userId: UserId): void {
    this.#changed.add(userId);
    this.#soon();
  }

  #soon(milliseconds = TICK_MS): void {
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
    for (const slice of slices(changed, PEOPLE_AT_ONCE)) {
      await this.#attempt(slice, this.#changed, () => this.#compare(slice));
    }
    for (const slice of slices(orphans, PEOPLE_AT_ONCE)) {
      await this.#attempt(slice, this.#orphans, () => this.#bury(slice));
    }
  }

  async #attempt(userIds: readonly UserId[], again: Set<UserId>, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger.warn({ err: error, people: userIds.length }, 'Who is there could not be told; it is tried again.');
      for (const userId of userIds) again.add(userId);
      this.#soon(RETRY_MS);
    }
  }

  /**
   * The others are read before and after the own write. So of several gateways that change the same person at once, at
   * least one sees that another did, and tells how it is in the end: also when it looks the same again by then, for
   * what it was in between may have been told.
   */
  async #compare(userIds: readonly UserId[]): Promise<void> {
    const own = new Map(userIds.map((userId) => [userId, this.#own.of(userId)]));
    const before = this.#elsewhere(await this.#record.find(userIds));
    await this.#record.write(own);
    const at = await this.#record.now();
    const after = this.#elsewhere(await this.#record.find(userIds));
    const changes = userIds.flatMap((userId): StatusChange[] => {
      const [was, is] = [this.#written.get(userId) ?? 'offline', statusOf(own.get(userId) ?? [])];
      const [elsewhere, stillElsewhere] = [before.get(userId) ?? [], after.get(userId) ?? []];
      if (is === 'offline') this.#written.delete(userId);
      else this.#written.set(userId, is);
      const from = this.#untold.get(userId) ?? best(was, statusOf(elsewhere));
      const to = best(is, statusOf(stillElsewhere));
      // Away and back in the meantime leaves no trace in the rows; who comes and goes has another connection.
      const turned = was !== is && was !== 'offline' && is !== 'offline';
      if (from === to && !turned && areSame(elsewhere, stillElsewhere)) return [];
      this.#untold.set(userId, from);
      return [{ userId, from, to, at }];
    });
    await this.#announcer.announce(changes);
    for (const { userId } of changes) this.#untold.delete(userId);
  }

  /** Of people whose gateway is no more: whoever is online elsewhere never left. */
  async #bury(userIds: readonly UserId[]): Promise<void> {
    const at = await this.#record.now();
    const statuses = await this.find(userIds);
    const changes = [...statuses].filter(([, status]) => status !== 'online');
    await this.#announcer.announce(changes.map(([userId, to]) => ({ userId, from: 'online', to, at })));
  }

  #elsewhere(rows: readonly ConnectionRow[]): ReadonlyMap<UserId, readonly ConnectionRow[]> {
    const others = rows.filter(({ gatewayId }) => gatewayId !== this.#record.gatewayId);
    return Map.groupBy(others, ({ userId }) => userId);
  }
}

/** Whether these are the same connections, in whatever order. */
function areSame(some: readonly ConnectionRow[], others: readonly ConnectionRow[]): boolean {
  return (
    some.length === others.length &&
    some.every((one) => others.some((other) => other.connectionId === one.connectionId && other.away === one.away))
  );
}

/** Somebody is as much there as on the device where they are most. */
function best(one: PresenceStatus, other: PresenceStatus): PresenceStatus {
  if (one === 'online' || other === 'online') return 'online';
  return one === 'away' || other === 'away' ? 'away' : 'offline';
}
