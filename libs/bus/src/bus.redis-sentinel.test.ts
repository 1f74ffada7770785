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
});

/** Of one server called `main`; resolves with its port. */
async function startSentinel(port: number): Promise<number> {
  const found = await findServer('valkey');
  if ('missing' in found) throw new Error(found.missing);
  const folder = mkdtempSync(join(tmpdir(), 'parley-sentinel-'));
  const sentinelPort = await freePort();
  const config = join(folder, 'sentinel.conf');
  writeFileSync(
    config,
    `port ${sentinelPort}\nbind 127.0.0.1\ndir ${folder}\nsentinel monitor main 127.0.0.1 ${port} 1\n`,
  );
  const sentinel = await startServerProcess({ command: found.command, args: [config, '--sentinel'], scratch: folder });
  onTestFinished(async () => {
    await sentinel.stop('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  await waitForLine(sentinel, 'The Sentinel', (line) => line.includes('+monitor master main'));
  return sentinelPort;
}
