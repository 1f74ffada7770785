import { createRedisClient, type RedisClient } from '@parley/bus';
import type { ConnectionId, UserId } from '@parley/protocol';
import { describeWith, FakeClock, type RedisServer, startRedis } from '@parley/testing';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { silentLogger as logger } from '../testing/fixtures.ts';
import { describeConnectionRegistry } from './connection-registry.contract.ts';
import { RedisConnectionRegistry, type RedisConnectionRegistryOptions } from './connection-registry.redis.ts';

describeWith('valkey', 'the connection registry in Valkey', () => {
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

  const registryOf = (
    gatewayId: string,
    options: Partial<RedisConnectionRegistryOptions> = {},
  ): RedisConnectionRegistry => {
    const record = new RedisConnectionRegistry({
      ...{ redis, gatewayId, clock: new FakeClock(), logger, graceMs: 0 },
      ...options,
    });
    onTestFinished(() => record.close());
    return record;
  };
  const adaIsHere = new Map([[ada, [{ connectionId, away: false }]]]);

  /** Waits until the gateway has its lease. */
  const registered = (gatewayId: string): Promise<void> =>
    expect.poll(() => redis.zscore('parley:gateways', gatewayId)).not.toBeNull();

  describeConnectionRegistry(async () => {
    const record = registryOf('gateway-1');
    await registered('gateway-1');
    return record;
  });

  test('a gateway sees the connections of the others', async () => {
    const [one, two] = [registryOf('gateway-1'), registryOf('gateway-2')];
    await Promise.all([registered('gateway-1'), registered('gateway-2')]);
    await one.write(adaIsHere);
    await two.write(new Map([[ada, [{ connectionId: 'connection-2' as ConnectionId, away: true }]]]));
    const gatewayIds = async (): Promise<string[]> => (await one.find([ada])).map((row) => row.gatewayId).sort();
    expect(await gatewayIds()).toEqual(['gateway-1', 'gateway-2']);
    await two.close();
    await expect.poll(gatewayIds).toEqual(['gateway-1']);
  });

  test('users of a dead gateway are no longer found, and exactly one other gateway is notified of them', async () => {
    const dead = registryOf('dead', { leaseMs: 300 });
    const clock = new FakeClock();
    const others = [registryOf('alive', { clock }), registryOf('other', { clock })];
    await Promise.all(['dead', 'alive', 'other'].map(registered));
    await dead.write(adaIsHere);
    const orphans: (readonly UserId[])[] = [];
    for (const record of others) record.onOrphans((userIds) => orphans.push(userIds));
    expect(await others[0]?.find([ada])).toHaveLength(1);
    await expect.poll(() => others[0]?.find([ada])).toEqual([]);
    clock.advance(10_000);
    await expect.poll(() => orphans).toEqual([[ada]]);
    clock.advance(10_000);
    await expect.poll(() => redis.keys('*dead*')).toEqual([]);
    expect(orphans).toHaveLength(1);
  });

  test('rows of a closed gateway count during the grace time', async () => {
    const clock = new FakeClock();
    const [closed, alive] = [registryOf('closed', { graceMs: 300 }), registryOf('alive', { clock })];
    await Promise.all(['closed', 'alive'].map(registered));
    await closed.write(adaIsHere);
    const orphans: (readonly UserId[])[] = [];
    alive.onOrphans((userIds) => orphans.push(userIds));
    await closed.close();
    expect(await alive.find([ada])).toHaveLength(1);
    await expect.poll(() => alive.find([ada])).toEqual([]);
    clock.advance(10_000);
    await expect.poll(() => orphans).toEqual([[ada]]);
  });

  test('the next renewal restores rows that Redis lost', async () => {
    const clock = new FakeClock();
    const record = registryOf('gateway-1', { clock });
    await registered('gateway-1');
    await record.write(adaIsHere);
    await redis.flushall();
    expect(await record.find([ada])).toEqual([]);
    clock.advance(10_000);
    await expect.poll(() => record.find([ada])).toHaveLength(1);
  });

  test('a renewal costs the same for one user and for a thousand', async () => {
    const clock = new FakeClock();
    const record = registryOf('gateway-1', { clock });
    await registered('gateway-1');
    const users = Array.from(
      { length: 1_000 },
      (_, n) => [`user-${n}` as UserId, [{ connectionId, away: false }]] as const,
    );
    await record.write(new Map(users));
    const commands = async (): Promise<number> =>
      Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
    const score = await redis.zscore('parley:gateways', 'gateway-1');
    const before = await commands();
    clock.advance(10_000);
    await expect.poll(() => redis.zscore('parley:gateways', 'gateway-1')).not.toBe(score);
    expect((await commands()) - before).toBeLessThan(100);
  });
});
