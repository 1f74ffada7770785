import type { Clock, Logger } from '@parley/platform';
import type { ConnectionId, UserId } from '@parley/protocol';
import type { RedisClient } from '@parley/bus';
import type { ConnectionRecord, ConnectionRow, OwnConnection } from './connection-record.ts';

/** The gateways, by when their leases end. */
const GATEWAYS = 'parley:gateways';
const rowsOf = (gatewayId: string): string => `parley:gateway:${gatewayId}:connections`;
/** Rows outlive their lease, so that another gateway can take leave of the people of one that died. */
const ROWS_LEASES = 3;
const AWAY = ':away';

export interface RedisConnectionRecordOptions {
  readonly redis: RedisClient;
  readonly gatewayId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Without a renewal the rows of a gateway count no more after this; it renews three times as often. */
  readonly leaseMs?: number;
  /** How long the rows of a gateway that was closed count still. */
  readonly graceMs?: number;
}

/**
 * One hash a gateway, `userId → connectionIds`, which expires after the lease. Only its gateway writes it, always whole
 * fields, so that writing again is harmless. As long as nothing changes a renewal costs three commands, however many
 * people there are.
 */
export class RedisConnectionRecord implements ConnectionRecord {
  readonly gatewayId: string;
  readonly #options: Required<RedisConnectionRecordOptions>;
  readonly #own = new Map<UserId, readonly OwnConnection[]>();
  readonly #orphanListeners = new Set<(userIds: readonly UserId[]) => void>();
  /** Something was not written, or may have been lost. */
  #stale = false;
  #cancelRenewal: (() => void) | undefined;

  constructor(options: RedisConnectionRecordOptions) {
    this.#options = { leaseMs: 30_000, graceMs: 10_000, ...options };
    this.gatewayId = options.gatewayId;
    options.redis.on('ready', this.#reconnected);
    this.#renew();
  }

  async write(changes: ReadonlyMap<UserId, readonly OwnConnection[]>): Promise<void> {
    for (const [userId, connections] of changes) {
      if (connections.length === 0) this.#own.delete(userId);
      else this.#own.set(userId, connections);
    }
    try {
      await this.#store([...changes.keys()], false);
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
        const fields = await redis.hmget(rowsOf(gatewayId), ...userIds);
        return userIds.flatMap((userId, index) =>
          parseConnections(fields[index]).map((connection) => ({ gatewayId, userId, ...connection })),
        );
      }),
    );
    return rows.flat();
  }

  /** The server's clock. */
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
      if (this.#own.size > 0) await redis.zadd(GATEWAYS, (await this.now()) + graceMs, gatewayId);
      else await Promise.all([redis.zrem(GATEWAYS, gatewayId), redis.del(rowsOf(gatewayId))]);
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'The record of connections could not be closed; it expires.');
    }
  }

  #renew(): void {
    const { clock, leaseMs } = this.#options;
    this.#cancelRenewal = clock.after(leaseMs / 3, () => {
      this.#renew();
    });
    this.#attempt(this.#keepAlive());
  }

  /** The server may have lost everything. */
  readonly #reconnected = (): void => {
    this.#stale = true;
    this.#attempt(this.#keepAlive());
  };

  async #keepAlive(): Promise<void> {
    const { redis, gatewayId, leaseMs } = this.#options;
    if (redis.status !== 'ready') return;
    const kept = await redis.pexpire(rowsOf(gatewayId), leaseMs * ROWS_LEASES);
    if (this.#stale || (kept === 0 && this.#own.size > 0)) {
      await this.#store([...this.#own.keys()], true);
      this.#stale = false;
    }
    const now = await this.now();
    await redis.zadd(GATEWAYS, now + leaseMs, gatewayId);
    for (const dead of await redis.zrangebyscore(GATEWAYS, '-inf', `(${now}`)) await this.#bury(dead);
  }

  /** Whichever gateway removes the dead one from the list takes leave of its people. */
  async #bury(gatewayId: string): Promise<void> {
    const { redis } = this.#options;
    if ((await redis.zrem(GATEWAYS, gatewayId)) === 0) return;
    const userIds = (await redis.hkeys(rowsOf(gatewayId))) as UserId[];
    await redis.del(rowsOf(gatewayId));
    if (userIds.length > 0) for (const listener of this.#orphanListeners) listener(userIds);
  }

  async #store(userIds: readonly UserId[], forget: boolean): Promise<void> {
    const { redis, gatewayId, leaseMs } = this.#options;
    const key = rowsOf(gatewayId);
    const present = userIds.filter((userId) => this.#own.has(userId));
    const gone = userIds.filter((userId) => !this.#own.has(userId));
    const fields = present.flatMap((userId) => [userId, formatConnections(this.#own.get(userId) ?? [])]);
    const transaction = redis.multi();
    if (forget) transaction.del(key);
    if (fields.length > 0) transaction.hset(key, ...fields);
    if (gone.length > 0) transaction.hdel(key, ...gone);
    transaction.pexpire(key, leaseMs * ROWS_LEASES);
    await transaction.exec();
  }

  #attempt(written: Promise<void>): void {
    written.catch((error: unknown) => {
      this.#stale = true;
      this.#options.logger.warn(
        { err: error },
        'The record of connections could not be written; the next renewal does it.',
      );
    });
  }
}

const formatConnections = (connections: readonly OwnConnection[]): string =>
  connections.map(({ connectionId, away }) => (away ? `${connectionId}${AWAY}` : connectionId)).join(' ');

function parseConnections(field: string | null | undefined): OwnConnection[] {
  if (!field) return [];
  return field.split(' ').map((word) => {
    const away = word.endsWith(AWAY);
    return { connectionId: (away ? word.slice(0, -AWAY.length) : word) as ConnectionId, away };
  });
}
