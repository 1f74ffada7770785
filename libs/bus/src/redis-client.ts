import { Cluster, Redis, type CommonRedisOptions } from 'ioredis';
import { parseRedisAddress, type RedisAddress } from './redis-address.ts';

export type RedisClient = Redis | Cluster;

/** Between attempts to connect: 50 ms doubling to 2 s, each shortened by up to half, so that a fleet spreads out. */
export function reconnectDelay(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(2_000, 50 * 2 ** Math.min(attempt - 1, 10));
  return Math.round(longest * (1 - random() / 2));
}

/**
 * A client that rejects commands while Redis cannot be reached, instead of queueing them, and reconnects without end. It
 * drops a connection on which a command has no answer for `socketTimeout` (2 s). It connects at once; the caller listens
 * to 'error'.
 */
export function createRedisClient(url: string, options: CommonRedisOptions = {}): RedisClient {
  const address = parseRedisAddress(url);
  const common = {
    ...credentials(address),
    connectTimeout: 2_000,
    socketTimeout: 2_000,
    enableAutoPipelining: true,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    ...options,
  } satisfies CommonRedisOptions;
  if (address.kind === 'cluster') {
    return new Cluster([...address.nodes], {
      redisOptions: common,
      enableAutoPipelining: true,
      enableOfflineQueue: false,
      shardedSubscribers: true,
      slotsRefreshTimeout: 2_000,
      clusterRetryStrategy: (attempt) => reconnectDelay(attempt),
    });
  }
  const single = { ...common, enableOfflineQueue: false, retryStrategy: (attempt: number) => reconnectDelay(attempt) };
  const { database: db } = address;
  return address.kind === 'single'
    ? new Redis({ ...single, host: address.host, port: address.port, db })
    : new Redis({ ...single, sentinels: [...address.sentinels], name: address.name, db });
}

/** Resolves when a new client has connected, or its first attempt has failed. */
export const firstConnection = (client: RedisClient): Promise<void> =>
  new Promise((resolve) => {
    client.once('ready', resolve).once('close', resolve);
  });

function credentials({ username, password, tls }: RedisAddress): CommonRedisOptions & { tls?: object } {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
  };
}
