import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findServer,
  freePort,
  initiateReplicaSet,
  redisArguments,
  replicaSetUrl,
  startMongod,
  startServerProcess,
  waitForLine,
} from '@parley/testing/servers';
import type { MeasuredProcess } from './server-under-test.ts';

/** A server that stores or brokers for what is measured. */
export interface Database {
  readonly url: string;
  readonly version: string;
  readonly process: MeasuredProcess;
  stop(): Promise<void>;
}

/** A replica set of one node with an empty folder. */
export async function startMongoDatabase(name: string): Promise<Database> {
  const found = await findServer('mongod');
  if ('missing' in found) throw new Error(`${found.missing} ${found.remedy}`);
  const folder = await mkdtemp(join(tmpdir(), 'parley-bench-mongo-'));
  const port = await freePort();
  const args = ['--setParameter', 'diagnosticDataCollectionEnabled=false'];
  const server = await startMongod({ command: found.command, port, folder, args });
  await initiateReplicaSet([port]);
  return {
    url: replicaSetUrl([port], name),
    version: `MongoDB ${found.version ?? ''}`,
    process: { label: 'MongoDB', pid: server.pid, holdsConnections: false },
    async stop() {
      await server.stop('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Valkey, or else Redis, without persistence. */
export async function startRedisDatabase(): Promise<Database> {
  const valkey = await findServer('valkey');
  const found = 'missing' in valkey ? await findServer('redis') : valkey;
  if ('missing' in found) throw new Error(`${found.missing} ${found.remedy}`);
  const port = await freePort();
  const args = redisArguments({ port, folder: tmpdir() });
  const server = await startServerProcess({ command: found.command, args });
  await waitForLine(server, 'redis', (line) => line.includes('Ready to accept connections'));
  return {
    url: `redis://127.0.0.1:${port}`,
    version: `Valkey or Redis ${found.version ?? ''}`,
    process: { label: 'Redis', pid: server.pid, holdsConnections: false },
    stop: () => server.stop('SIGKILL'),
  };
}
