import { describeWith, startRedis, type RedisServer } from '@parley/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { describeBus, listen } from './bus.contract.ts';
import { RedisBus } from './bus.redis.ts';

const SLOTS = 16_384;

describeWith('valkey', 'the bus on a cluster of two', () => {
  let nodes: readonly [RedisServer, RedisServer];
  let url: string;
  beforeAll(async () => {
    nodes = await startCluster();
    url = nodes.map((node) => node.url).join(',');
  });
  afterAll(() => Promise.all(nodes.map((node) => node.stop())));

  describeBus('a Redis Cluster', () => ({ connect: () => new RedisBus({ url }) }));

  test('restores the channels of both nodes after a restart of one', async () => {
    const bus = new RedisBus({ url });
    onTestFinished(() => bus.close());
    const rooms = await Promise.all(Array.from({ length: 20 }, (_, index) => listen(bus, `room:${index}`)));
    const restored = vi.fn();
    bus.onRestored(restored);
    await nodes[1].kill();
    await nodes[1].restart();
    await vi.waitFor(() => expect(restored).toHaveBeenCalled(), { timeout: 20_000 });
    await vi.waitFor(
      async () => {
        await Promise.all(rooms.map((_, index) => bus.publish(`room:${index}`, Buffer.from('again'))));
        expect(rooms.every(({ texts }) => texts().includes('again'))).toBe(true);
      },
      { timeout: 20_000 },
    );
  });

  test('restores a channel whose slot moves to the other node, and calls onRestored', async () => {
    const bus = new RedisBus({ url });
    onTestFinished(() => bus.close());
    const { texts } = await listen(bus, 'room:moving');
    const restored = vi.fn();
    bus.onRestored(restored);
    await moveSlotOf('room:moving', nodes);
    await vi.waitFor(() => expect(restored).toHaveBeenCalled(), { timeout: 20_000 });
    await vi.waitFor(
      async () => {
        await bus.publish('room:moving', Buffer.from('from the new node'));
        expect(texts()).toContain('from the new node');
      },
      { timeout: 20_000 },
    );
  });
});

/** Moves the slot to the other node, as the last step of a resharding does. */
async function moveSlotOf(channel: string, nodes: readonly RedisServer[]): Promise<void> {
  const clients = nodes.map(({ port }) => new Redis(port));
  try {
    const [first, second] = clients;
    if (first === undefined || second === undefined) throw new Error('A cluster of one has nowhere to move a slot to.');
    const slot = Number(await first.call('CLUSTER', 'KEYSLOT', channel));
    const [from, to] = slot < SLOTS / 2 ? [first, second] : [second, first];
    const id = String(await to.call('CLUSTER', 'MYID'));
    await to.call('CLUSTER', 'SETSLOT', slot, 'NODE', id);
    await from.call('CLUSTER', 'SETSLOT', slot, 'NODE', id);
  } finally {
    for (const client of clients) client.disconnect();
  }
}

async function startCluster(): Promise<[RedisServer, RedisServer]> {
  const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
  const [one, two] = await Promise.all([
    startRedis({ server: 'valkey', args }),
    startRedis({ server: 'valkey', args }),
  ]);
  const clients = [one, two].map(({ port }) => new Redis(port, { lazyConnect: true, enableReadyCheck: false }));
  try {
    await Promise.all([
      clients[0]?.call('CLUSTER', 'ADDSLOTSRANGE', 0, SLOTS / 2 - 1),
      clients[1]?.call('CLUSTER', 'ADDSLOTSRANGE', SLOTS / 2, SLOTS - 1),
    ]);
    await clients[0]?.call('CLUSTER', 'MEET', two.host, two.port);
    for (const client of clients) {
      await vi.waitFor(async () => expect(await client.call('CLUSTER', 'INFO')).toContain('cluster_state:ok'), {
        timeout: 20_000,
      });
    }
  } finally {
    for (const client of clients) client.disconnect();
  }
  return [one, two];
}
