import { Cluster, Redis, type CommonRedisOptions } from 'ioredis';
import { parseRedisAddress, type RedisAddress } from './redis-address.ts';

export type RedisClient = Redis | Cluster;

/** Between attempts to connect: 50 ms doubling to 2 s, each shortened by up to half, so that a fleet spreads out. */
export function reconnectDelay(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(2_000, 50 * 2 ** Math.min(attempt - 1, 10));
  return Math.round(longest * (1 - random() / 2));
}

/**
 * A client that fails rather than queues while Redis cannot be reached, reconnects for ever, and gives up a connection
 * that leaves a command without an answer for `socketTimeout` (2 s). Connects at once; the caller listens to 'error'.
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

/** Resolves when a new client is connected, or has failed to connect for the first time and goes on trying. */
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
