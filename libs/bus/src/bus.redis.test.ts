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

    test('two processes hear each other', async () => {
      const [one, two] = [await connect(redis.url), await connect(redis.url)];
      const { texts } = await listen(two, 'room:both');
      await one.publish('room:both', Buffer.from('hello'));
      await vi.waitFor(() => expect(texts()).toEqual(['hello']));
    });

    test('the broker forgets a channel with its last subscription', async () => {
      const [one, two] = [await connect(redis.url), await connect(redis.url)];
      const first = await listen(one, 'room:counted');
      const second = await listen(one, 'room:counted');
      first.subscription.close();
      await two.publish('room:counted', Buffer.from('still wanted'));
      await vi.waitFor(() => expect(second.texts()).toEqual(['still wanted']));
      second.subscription.close();
      await vi.waitFor(async () => expect(await subscribers(redis, 'room:counted')).toBe(0));
    });

    describeBreaking(server, () => redis);
  });
}

/** What the bus promises when connections break. */
function describeBreaking(kind: 'valkey' | 'redis', redis: () => RedisServer): void {
  const connectThroughProxy = async (): Promise<{ proxy: TcpProxy; bus: RedisBus }> => {
    const proxy = await startProxy(redis());
    onTestFinished(() => proxy.close());
    return { proxy, bus: await connect(`redis://127.0.0.1:${proxy.port}`) };
  };

  test('after a cut connection every subscription holds again before onRestored is called', async () => {
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

  test('a restarted server is subscribed to again', async () => {
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

  test('while Redis cannot be reached publishing is refused, and works afterwards', async () => {
    const { proxy, bus } = await connectThroughProxy();
    const { texts } = await listen(bus, 'room:down');
    proxy.cut();
    await expect(bus.publish('room:down', Buffer.from('lost'))).rejects.toThrow(BusUnavailableError);
    await expect(bus.publish('room:down', Buffer.from('lost'))).rejects.toThrow(BusUnavailableError);
    proxy.restore();
    await publishUntilHeard(bus, 'room:down', 'kept', texts);
    expect(texts()).not.toContain('lost');
  });

  test('publishing to a server that went silent is refused', async () => {
    const { proxy, bus } = await connectThroughProxy();
    await bus.publish('room:silent', Buffer.from('answered'));
    proxy.freeze();
    await expect(bus.publish('room:silent', Buffer.from('unanswered'))).rejects.toThrow(BusUnavailableError);
  });

  test('whoever only listens notices a connection that went silent, and leaves it', async () => {
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

  test('a subscription made while Redis is away is refused, stays wanted, and onRestored tells when it holds', async () => {
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

  test('a channel closed while Redis is away is not subscribed to again', async () => {
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

  test('without a loss nobody is told of one', async () => {
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

/** Publishing and listening recover each for itself. */
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
