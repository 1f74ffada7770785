import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@parley/testing';
import { findServer, freePorts, startMongod } from '@parley/testing/servers';
import { createConnection } from 'mongoose';
import { expect, onTestFinished, test } from 'vitest';
import { initiateReplicaSet } from './initiate.ts';
import { prepareDatabase } from './migration-process.ts';

async function startBareMongod(port: number): Promise<void> {
  const found = await findServer('mongod');
  if ('missing' in found) throw new Error(found.missing);
  const folder = await mkdtemp(join(tmpdir(), 'parley-initiate-'));
  const server = await startMongod({ command: found.command, port, folder, args: [] });
  onTestFinished(() => server.stop('SIGKILL'));
}

describeWith('mongo', 'a migration that may initiate', () => {
  test('initiates a replica set of new servers when all are up, and migrates it', async () => {
    const ports = await freePorts(2);
    const mongoUrl = `mongodb://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/parley?replicaSet=parley`;
    const [first = 0, second = 0] = ports;
    await startBareMongod(first);
    const up = async (): Promise<void> => undefined;
    const migrations = [
      prepareDatabase({ mongoUrl, mongoInitiate: true }, 'room', [{ version: 1, up }]),
      prepareDatabase({ mongoUrl, mongoInitiate: true }, 'message', [{ version: 1, up }]),
    ];
    await startBareMongod(second);
    await Promise.all(migrations);

    const connection = await createConnection(mongoUrl).asPromise();
    onTestFinished(() => connection.close());
    const versions = await connection.collection('schema_versions').find().sort({ _id: 1 }).toArray();
    expect(versions.map(({ _id }) => String(_id))).toEqual(['message', 'room']);
    await initiateReplicaSet(mongoUrl);
  });
});

test('rejects an address without a replica set', async () => {
  await expect(initiateReplicaSet('mongodb://127.0.0.1:1/parley')).rejects.toThrow('must name its servers');
});
