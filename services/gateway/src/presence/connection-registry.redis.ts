import type { Clock, Logger } from '@parley/platform';
import type { ConnectionId, UserId } from '@parley/protocol';
import type { RedisClient } from '@parley/bus';
import type { ConnectionRegistry, ConnectionRow, LocalConnection } from './connection-registry.ts';

/** Sorted set of gateways by the end of their leases. */
const GATEWAYS = 'parley:gateways';
const connectionsKey = (gatewayId: string): string => `parley:gateway:${gatewayId}:connections`;
/** Rows outlive their lease, so that another gateway can read the users of a dead one. */
const LEASES_KEPT = 3;
const AWAY = ':away';

export interface RedisConnectionRegistryOptions {
  readonly redis: RedisClient;
  readonly gatewayId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Rows count for this long after the last renewal; the lease is renewed three times as often. */
  readonly leaseMs?: number;
  /** Rows of a closed gateway count for this long. */
  readonly graceMs?: number;
}

/**
 * One hash per gateway, `userId → connectionIds`, which expires after the lease. Only its gateway writes it, and always
 * whole fields, so repeating a write is harmless. A renewal without changes costs three commands, however many users
 * there are.
 */
export class RedisConnectionRegistry implements ConnectionRegistry {
  readonly gatewayId: string;
  readonly #options: Required<RedisConnectionRegistryOptions>;
  readonly #local = new Map<UserId, readonly LocalConnection[]>();
  readonly #orphanListeners = new Set<(userIds: readonly UserId[]) => void>();
  /** A write failed, or Redis may have lost rows. */
  #stale = false;
  #cancelRenewal: (() => void) | undefined;

  constructor(options: RedisConnectionRegistryOptions) {
    this.#options = { leaseMs: 30_000, graceMs: 10_000, ...options };
    this.gatewayId = options.gatewayId;
    options.redis.on('ready', this.#reconnected);
    this.#renew();
  }

  async write(changes: ReadonlyMap<UserId, readonly LocalConnection[]>): Promise<void> {
    for (const [userId, connections] of changes) {
      if (connections.length === 0) this.#local.delete(userId);
      else this.#local.set(userId, connections);
    }
    try {
      await this.#writeFields([...changes.keys()], false);
    } catch (error) {
      this.#stale = true;
      throw error;
    }
  }

  async find(userIds: readonly UserId[]): Promise<readonly ConnectionRow[]> {
    if (userIds.length === 0) return [];
    const { redis } = this.#options;
    const gatewayIds = await redis.zrangebyscore(GATEWAYS, await this.now(), '+inf');
    const rows = await Promise.all(
      gatewayIds.map(async (gatewayId) => {
        const fields = await redis.hmget(connectionsKey(gatewayId), ...userIds);
        return userIds.flatMap((userId, index) =>
          parseConnections(fields[index]).map((connection) => ({ gatewayId, userId, ...connection })),
        );
      }),
    );
    return rows.flat();
  }

  /** By the clock of the Redis server. */
  async now(): Promise<number> {
    const [seconds, microseconds] = await this.#options.redis.time();
    return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
  }

  onOrphans(listener: (userIds: readonly UserId[]) => void): () => void {
    this.#orphanListeners.add(listener);
    return () => {
      this.#orphanListeners.delete(listener);
    };
  }

  async close(): Promise<void> {
    const { redis, gatewayId, graceMs } = this.#options;
    this.#cancelRenewal?.();
    this.#cancelRenewal = undefined;
    redis.off('ready', this.#reconnected);
    try {
      if (this.#local.size > 0) await redis.zadd(GATEWAYS, (await this.now()) + graceMs, gatewayId);
      else await Promise.all([redis.zrem(GATEWAYS, gatewayId), redis.del(connectionsKey(gatewayId))]);
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'Failed to close the connection registry; its rows expire.');
    }
  }

  #renew(): void {
    const { clock, leaseMs } = this.#options;
    this.#cancelRenewal = clock.after(leaseMs / 3, () => {
      this.#renew();
    });
    this.#runInBackground(this.#keepAlive());
  }

  /** Redis may have lost all data. */
  readonly #reconnected = (): void => {
    this.#stale = true;
    this.#runInBackground(this.#keepAlive());
  };

  async #keepAlive(): Promise<void> {
    const { redis, gatewayId, leaseMs } = this.#options;
    if (redis.status !== 'ready') return;
    const kept = await redis.pexpire(connectionsKey(gatewayId), leaseMs * LEASES_KEPT);
    if (this.#stale || (kept === 0 && this.#local.size > 0)) {
      await this.#writeFields([...this.#local.keys()], true);
      this.#stale = false;
    }
    const now = await this.now();
    await redis.zadd(GATEWAYS, now + leaseMs, gatewayId);
    for (const dead of await redis.zrangebyscore(GATEWAYS, '-inf', `(${now}`)) await this.#removeExpired(dead);
  }

  /** The gateway that removes a dead one from the set notifies its listeners of the users. */
  async #removeExpired(gatewayId: string): Promise<void> {
    const { redis } = this.#options;
    if ((await redis.zrem(GATEWAYS, gatewayId)) === 0) return;
    const userIds = (await redis.hkeys(connectionsKey(gatewayId))) as UserId[];
    await redis.del(connectionsKey(gatewayId));
    if (userIds.length > 0) for (const listener of this.#orphanListeners) listener(userIds);
  }

  async #writeFields(userIds: readonly UserId[], forget: boolean): Promise<void> {
    const { redis, gatewayId, leaseMs } = this.#options;
    const key = connectionsKey(gatewayId);
    const present = userIds.filter((userId) => this.#local.has(userId));
    const gone = userIds.filter((userId) => !this.#local.has(userId));
    const fields = present.flatMap((userId) => [userId, formatConnections(this.#local.get(userId) ?? [])]);
    const transaction = redis.multi();
    if (forget) transaction.del(key);
    if (fields.length > 0) transaction.hset(key, ...fields);
    if (gone.length > 0) transaction.hdel(key, ...gone);
    transaction.pexpire(key, leaseMs * LEASES_KEPT);
    await transaction.exec();
  }

  #runInBackground(written: Promise<void>): void {
    written.catch((error: unknown) => {
      this.#stale = true;
      this.#options.logger.warn(
        { err: error },
        'Failed to write the connection registry; the next renewal repeats it.',
      );
    });
  }
}

const formatConnections = (connections: readonly LocalConnection[]): string =>
  connections.map(({ connectionId, away }) => (away ? `${connectionId}${AWAY}` : connectionId)).join(' ');

function parseConnections(field: string | null | undefined): LocalConnection[] {
  if (!field) return [];
  return field.split(' ').map((word) => {
    const away = word.endsWith(AWAY);
    return { connectionId: (away ? word.slice(0, -AWAY.length) : word) as ConnectionId, away };
  });
}
