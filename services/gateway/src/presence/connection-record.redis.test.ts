import { createRedisClient, type RedisClient } from '@parley/bus';
import type { ConnectionId, UserId } from '@parley/protocol';
import { describeWith, startRedis, type RedisServer } from '@parley/testing';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { systemClock } from '../scheduling/clock.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { silentLogger as logger } from '../testing/logs.ts';
import { describeConnectionRecord } from './connection-record.contract.ts';
import { RedisConnectionRecord } from './connection-record.redis.ts';

describeWith('valkey', 'the record of connections in Valkey', () => {
  let server: RedisServer;
  let redis: RedisClient;
  const ada = 'ada' as UserId;
  const connectionId = 'connection-1' as ConnectionId;

  beforeAll(async () => {
    server = await startRedis({ server: 'valkey' });
    redis = createRedisClient(server.url).on('error', () => undefined);
    await vi.waitFor(() => {
      expect(redis.status).toBe('ready');
    });
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  afterEach(async () => {
    await redis.flushall();
  });

  describeConnectionRecord(
    async () => new RedisConnectionRecord({ redis, gatewayId: 'gateway-1', clock: systemClock, logger }),
  );

  test('a gateway sees the connections of the others', async () => {
    const one = new RedisConnectionRecord({ redis, gatewayId: 'gateway-1', clock: systemClock, logger });
    const two = new RedisConnectionRecord({ redis, gatewayId: 'gateway-2', clock: systemClock, logger });
    one.add(connectionId, ada);
    two.add('connection-2' as ConnectionId, ada);
    const gatewayIds = async (): Promise<string[]> => (await one.find([ada])).map((row) => row.gatewayId).sort();
    await expect.poll(gatewayIds).toEqual(['gateway-1', 'gateway-2']);
    await two.close();
    expect(await gatewayIds()).toEqual(['gateway-1']);
    await one.close();
  });

  test('the rows of a gateway that died expire by themselves', async () => {
    const dead = new RedisConnectionRecord({ redis, gatewayId: 'dead', clock: new FakeClock(), logger, leaseMs: 300 });
    const alive = new RedisConnectionRecord({ redis, gatewayId: 'alive', clock: systemClock, logger });
    dead.add(connectionId, ada);
    await expect.poll(() => alive.find([ada])).toHaveLength(1);
    await expect.poll(() => alive.find([ada])).toEqual([]);
    expect(await redis.keys('*dead*')).toEqual([]);
    await alive.close();
  });

  test('a server that lost everything has it back with the next renewal', async () => {
    const clock = new FakeClock();
    const record = new RedisConnectionRecord({ redis, gatewayId: 'gateway-1', clock, logger });
    record.add(connectionId, ada);
    await expect.poll(() => record.find([ada])).toHaveLength(1);
    await redis.flushall();
    expect(await record.find([ada])).toEqual([]);
    clock.advance(10_000);
    await expect.poll(() => record.find([ada])).toHaveLength(1);
    await record.close();
  });
});
