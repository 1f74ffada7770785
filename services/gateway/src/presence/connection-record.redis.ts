import type { Logger } from '@parley/platform';
import type { ConnectionId, UserId } from '@parley/protocol';
import type { RedisClient } from '@parley/bus';
import type { Clock } from '../scheduling/clock.ts';
import { TickQueue } from '../scheduling/tick-queue.ts';
import { OwnRows, type ConnectionRecord, type ConnectionRow } from './connection-record.ts';

/** The living gateways, by when their leases end. */
const GATEWAYS = 'parley:gateways';
const rowsOf = (gatewayId: string): string => `parley:gateway:${gatewayId}:connections`;

export interface RedisConnectionRecordOptions {
  readonly redis: RedisClient;
  readonly gatewayId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Without a renewal the rows of a gateway are gone after this; it renews three times as often. */
  readonly leaseMs?: number;
}

/**
 * One hash a gateway, `userId → connectionIds`, which expires with the lease. Only its gateway writes it, always whole
 * fields, so that writing again is harmless.
 */
export class RedisConnectionRecord implements ConnectionRecord {
  readonly #options: Required<RedisConnectionRecordOptions>;
  readonly #rows = new OwnRows();
  readonly #changed = new TickQueue<UserId>((userIds) => {
    this.#attempt(this.#write([...userIds], false));
  });
  #cancelRenewal: (() => void) | undefined;

  constructor(options: RedisConnectionRecordOptions) {
    this.#options = { leaseMs: 30_000, ...options };
    options.redis.on('ready', this.#writeAll);
    this.#renew();
  }

  add(connectionId: ConnectionId, userId: UserId): void {
    this.#rows.add(connectionId, userId);
    this.#changed.add(userId);
  }

  remove(connectionId: ConnectionId, userId: UserId): void {
    this.#rows.remove(connectionId, userId);
    this.#changed.add(userId);
  }

  async find(userIds: readonly UserId[]): Promise<readonly ConnectionRow[]> {
    if (userIds.length === 0) return [];
    const { redis } = this.#options;
    const gatewayIds = await redis.zrangebyscore(GATEWAYS, await this.#now(), '+inf');
    const rows = await Promise.all(
      gatewayIds.map(async (gatewayId) => {
        const fields = await redis.hmget(rowsOf(gatewayId), ...userIds);
        return userIds.flatMap((userId, index) =>
          parseConnectionIds(fields[index]).map((connectionId) => ({ gatewayId, connectionId, userId })),
        );
      }),
    );
    return rows.flat();
  }

  async close(): Promise<void> {
    const { redis, gatewayId } = this.#options;
    this.#cancelRenewal?.();
    this.#cancelRenewal = undefined;
    redis.off('ready', this.#writeAll);
    await Promise.allSettled([redis.zrem(GATEWAYS, gatewayId), redis.del(rowsOf(gatewayId))]);
  }

  #renew(): void {
    const { clock, leaseMs } = this.#options;
    this.#cancelRenewal = clock.after(leaseMs / 3, () => {
      this.#renew();
    });
    this.#writeAll();
  }

  /** Also at every new connection to the server, which may have lost everything. */
  readonly #writeAll = (): void => {
    this.#attempt(this.#write(this.#rows.userIds(), true));
  };

  async #write(userIds: readonly UserId[], forget: boolean): Promise<void> {
    const { redis, gatewayId, leaseMs } = this.#options;
    if (redis.status !== 'ready') return;
    const key = rowsOf(gatewayId);
    const lease = redis.multi();
    if (forget) lease.del(key);
    for (const userId of userIds) {
      const connectionIds = this.#rows.of(userId);
      if (connectionIds.length === 0) lease.hdel(key, userId);
      else lease.hset(key, userId, connectionIds.join(' '));
    }
    lease.pexpire(key, leaseMs);
    await lease.exec();
    const now = await this.#now();
    await redis.zadd(GATEWAYS, now + leaseMs, gatewayId);
    await redis.zremrangebyscore(GATEWAYS, '-inf', `(${now}`);
  }

  /** The server's clock, which all gateways share. */
  async #now(): Promise<number> {
    const [seconds, microseconds] = await this.#options.redis.time();
    return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
  }

  #attempt(written: Promise<void>): void {
    written.catch((error: unknown) => {
      this.#options.logger.warn(
        { err: error },
        'The record of connections could not be written; the next renewal does it.',
      );
    });
  }
}

function parseConnectionIds(field: string | null | undefined): ConnectionId[] {
  return field ? (field.split(' ') as ConnectionId[]) : [];
}
