import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith, startRedis } from '@parley/testing';
import { findServer, freePort, startServerProcess, waitForLine } from '@parley/testing/servers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connected, listen } from './bus.contract.ts';
import { RedisBus } from './bus.redis.ts';

describeWith('valkey', 'the bus behind a Sentinel', () => {
  test('finds the server that the Sentinel names', async () => {
    const redis = await startRedis({ server: 'valkey' });
    onTestFinished(() => redis.stop());
    const sentinelPort = await startSentinel(redis.port);
    const bus = new RedisBus({ url: `redis+sentinel://127.0.0.1:${sentinelPort}/main` });
    onTestFinished(() => bus.close());
    await connected(bus);
    const { texts } = await listen(bus, 'room:named');
    await bus.publish('room:named', Buffer.from('hello'));
    await vi.waitFor(() => expect(texts()).toEqual(['hello']));
  });

  test('follows the Sentinel to the promoted replica when the server dies', async () => {
    const redis = await startRedis({ server: 'valkey' });
    onTestFinished(() => redis.stop());
    const args = ['--replicaof', redis.host, String(redis.port)];
    const replica = await startRedis({ server: 'valkey', args });
    onTestFinished(() => replica.stop());
    const sentinelPort = await startSentinel(redis.port, '+slave ');
    const bus = new RedisBus({ url: `redis+sentinel://127.0.0.1:${sentinelPort}/main` });
    onTestFinished(() => bus.close());
    await connected(bus);
    const { texts } = await listen(bus, 'room:followed');
    const restored = vi.fn();
    bus.onRestored(restored);
    await redis.kill();
    await vi.waitFor(() => expect(restored).toHaveBeenCalled(), { timeout: 25_000 });
    await vi.waitFor(
      async () => {
        await bus.publish('room:followed', Buffer.from('from the replica'));
        expect(texts()).toContain('from the replica');
      },
      { timeout: 20_000 },
    );
  });
});

/** A Sentinel of one server called `main`. Resolves with its port when it is ready. */
async function startSentinel(port: number, readyLine = '+monitor master main'): Promise<number> {
  const found = await findServer('valkey');
  if ('missing' in found) throw new Error(found.missing);
  const folder = mkdtempSync(join(tmpdir(), 'parley-sentinel-'));
  const sentinelPort = await freePort();
  const config = join(folder, 'sentinel.conf');
  const lines = [
    ...[`port ${sentinelPort}`, 'bind 127.0.0.1', `dir ${folder}`],
    ...[`sentinel monitor main 127.0.0.1 ${port} 1`, 'sentinel down-after-milliseconds main 1000'],
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const sentinel = await startServerProcess({ command: found.command, args: [config, '--sentinel'], scratch: folder });
  onTestFinished(async () => {
    await sentinel.stop('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  await waitForLine(sentinel, 'The Sentinel', (line) => line.includes(readyLine));
  return sentinelPort;
}
