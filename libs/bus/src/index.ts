/** The bus and its adapters. */
export * from './bus.ts';
export * from './bus.memory.ts';
export * from './bus.redis.ts';
export * from './redis-client.ts';
export { parseRedisAddress, type RedisAddress } from './redis-address.ts';
