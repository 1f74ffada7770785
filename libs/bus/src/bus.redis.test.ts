import { describeWith, startProxy, startRedis, type RedisServer, type TcpProxy } from '@parley/testing';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { connected, describeBus, listen } from './bus.contract.ts';
import { RedisBus } from './bus.redis.ts';
import { BusUnavailableError } from './bus.ts';
import { createRedisClient } from './redis-client.ts';

for (const server of ['valkey', 'redis'] as const) {
  describeWith(server, `the bus on ${server}`, () => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await startRedis({ server });
    });
    afterAll(() => redis.stop());

    describeBus(server, () => ({ connect: () => new RedisBus({ url: redis.url }) }));

    test('delivers between two processes', async () => {
      const [one, two] = [await connect(redis.url), await connect(redis.url)];
      const { texts } = await listen(two, 'room:both');
      await one.publish('room:both', Buffer.from('hello'));
      await vi.waitFor(() => expect(texts()).toEqual(['hello']));
    });

    test('unsubscribes at the broker with the last subscription of a channel', async () => {
      const [one, two] = [await connect(redis.url), await connect(redis.url)];
      const first = await listen(one, 'room:counted');
      const second = await listen(one, 'room:counted');
      first.subscription.close();
      await two.publish('room:counted', Buffer.from('still subscribed'));
      await vi.waitFor(() => expect(second.texts()).toEqual(['still subscribed']));
      second.subscription.close();
      await vi.waitFor(async () => expect(await subscribers(redis, 'room:counted')).toBe(0));
    });

    describeBreaking(server, () => redis);
  });
}

/** The guarantees of the bus when connections break. */
function describeBreaking(kind: 'valkey' | 'redis', redis: () => RedisServer): void {
  const connectThroughProxy = async (): Promise<{ proxy: TcpProxy; bus: RedisBus }> => {
    const proxy = await startProxy(redis());
    onTestFinished(() => proxy.close());
    return { proxy, bus: await connect(`redis://127.0.0.1:${proxy.port}`) };
  };

  test('restores every subscription of a lost connection before it calls onRestored', async () => {
    const { proxy, bus } = await connectThroughProxy();
    const direct = await connect(redis().url);
    const rooms = await Promise.all(Array.from({ length: 50 }, (_, index) => listen(bus, `room:cut-${index}`)));
    const heldWhenRestored: number[] = [];
    const restored = new Promise<void>((resolve) => {
      bus.onRestored(() => {
        void Promise.all(rooms.map((_, index) => subscribers(redis(), `room:cut-${index}`))).then((counts) => {
          heldWhenRestored.push(...counts);
          resolve();
        });
      });
    });
    proxy.cut();
    proxy.restore();
    await restored;
    expect(heldWhenRestored).toEqual(rooms.map(() => 1));
    await direct.publish('room:cut-7', Buffer.from('after the cut'));
    await vi.waitFor(() => expect(rooms[7]?.texts()).toEqual(['after the cut']));
  });

  test('subscribes again at a restarted server', async () => {
    const server = await startRedis({ server: kind });
    onTestFinished(() => server.stop());
    const bus = await connect(server.url);
    const { texts } = await listen(bus, 'room:restarted');
    const restored = vi.fn();
    bus.onRestored(restored);
    await server.kill();
    await server.restart();
    await vi.waitFor(() => expect(restored).toHaveBeenCalledTimes(1), { timeout: 10_000 });
    await publishUntilHeard(bus, 'room:restarted', 'again', texts);
  });

  test('rejects publishing while Redis cannot be reached, and publishes afterwards', async () => {
    const { proxy, bus } = await connectThroughProxy();
    const { texts } = await listen(bus, 'room:down');
    proxy.cut();
    await expect(bus.publish('room:down', Buffer.from('lost'))).rejects.toThrow(BusUnavailableError);
    await expect(bus.publish('room:down', Buffer.from('lost'))).rejects.toThrow(BusUnavailableError);
    proxy.restore();
    await publishUntilHeard(bus, 'room:down', 'kept', texts);
    expect(texts()).not.toContain('lost');
  });

  test('rejects publishing to a server that does not answer', async () => {
    const { proxy, bus } = await connectThroughProxy();
    await bus.publish('room:silent', Buffer.from('answered'));
    proxy.freeze();
    await expect(bus.publish('room:silent', Buffer.from('unanswered'))).rejects.toThrow(BusUnavailableError);
  });

  test('replaces a connection without answers, also when it only subscribes', async () => {
    const { proxy, bus } = await connectThroughProxy();
    await listen(bus, 'room:silent');
    const restored = vi.fn();
    bus.onRestored(restored);
    const { connections } = proxy;
    proxy.freeze();
    await vi.waitFor(() => expect(proxy.connections).toBeGreaterThan(connections), { timeout: 10_000 });
    proxy.restore();
    await vi.waitFor(() => expect(restored).toHaveBeenCalledTimes(1), { timeout: 10_000 });
  });

  test('rejects the acknowledgement of a subscription made while Redis is away, retries it, and calls onRestored when it holds', async () => {
    const { proxy, bus } = await connectThroughProxy();
    proxy.cut();
    const received = vi.fn();
    const restored = vi.fn();
    bus.onRestored(restored);
    await expect(bus.subscribe('room:later', received).acknowledged).rejects.toThrow(BusUnavailableError);
    expect(restored).not.toHaveBeenCalled();
    proxy.restore();
    await vi.waitFor(() => expect(restored).toHaveBeenCalledTimes(1), { timeout: 10_000 });
    const direct = await connect(redis().url);
    await direct.publish('room:later', Buffer.from('now'));
    await vi.waitFor(() => expect(received).toHaveBeenCalledTimes(1));
  });

  test('does not restore a channel that was closed while Redis was away', async () => {
    const { proxy, bus } = await connectThroughProxy();
    const dropped = await listen(bus, 'room:dropped');
    await listen(bus, 'room:kept');
    const restored = vi.fn();
    bus.onRestored(restored);
    proxy.cut();
    dropped.subscription.close();
    proxy.restore();
    await vi.waitFor(() => expect(restored).toHaveBeenCalledTimes(1), { timeout: 10_000 });
    expect(await subscribers(redis(), 'room:dropped')).toBe(0);
    expect(await subscribers(redis(), 'room:kept')).toBe(1);
  });

  test('does not call onRestored without a loss', async () => {
    const bus = await connect(redis().url);
    const restored = vi.fn();
    bus.onRestored(restored);
    await listen(bus, 'room:calm');
    const other = await listen(bus, 'room:calmer');
    other.subscription.close();
    await listen(bus, 'room:calmest');
    expect(restored).not.toHaveBeenCalled();
  });
}

async function connect(url: string): Promise<RedisBus> {
  const bus = new RedisBus({ url });
  onTestFinished(() => bus.close());
  await connected(bus);
  return bus;
}

/** Publishing and subscribing recover independently. */
async function publishUntilHeard(bus: RedisBus, channel: string, text: string, texts: () => string[]): Promise<void> {
  await vi.waitFor(
    async () => {
      await bus.publish(channel, Buffer.from(text));
      expect(texts()).toContain(text);
    },
    { timeout: 10_000 },
  );
}

async function subscribers({ url }: RedisServer, channel: string): Promise<number> {
  const client = createRedisClient(url);
  client.on('error', () => undefined);
  try {
    await new Promise((resolve) => client.once('ready', resolve));
    const [, count] = (await client.call('PUBSUB', 'SHARDNUMSUB', channel)) as [string, number];
    return count;
  } finally {
    client.disconnect();
  }
}
