import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServer } from './find-server.ts';
import { freePorts } from './free-port.ts';
import { initiateReplicaSet, nodeUrl, replicaSetUrl, startMongod } from './mongod.ts';
import type { ServerProcess } from './server-process.ts';

export interface MongoNode {
  /** URL of this node only, primary or not. */
  readonly url: string;
  readonly port: number;
  /** SIGKILL: data that was not journalled is lost. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open but do not respond. */
  pause(): void;
  resume(): void;
  /** Starts the node again after kill, with its data. */
  restart(): Promise<void>;
}

export interface MongoServer extends MongoUrls {
  readonly nodes: readonly MongoNode[];
  stop(): Promise<void>;
}

export interface MongoUrls {
  /** URL of the replica set, without a database. */
  readonly url: string;
  /** URL of a new database of the replica set. */
  databaseUrl(): string;
}

// Failpoints (`configureFailPoint`) let tests stop replication or fail one command.
const TEST_ARGUMENTS = ['enableTestCommands=1', 'diagnosticDataCollectionEnabled=false'].flatMap((parameter) => [
  '--setParameter',
  parameter,
]);

/** Starts a replica set on free ports. Its data is deleted when it is stopped or this process ends. */
export async function startMongo({ nodes: count }: { nodes: 1 | 3 }): Promise<MongoServer> {
  const found = await findServer('mongod');
  if ('missing' in found) throw new Error(`${found.missing} ${found.remedy}`);
  const ports = await freePorts(count);
  const nodes = await Promise.all(ports.map((port) => startNode(found.command, port)));
  await initiateReplicaSet(ports);
  return {
    ...mongoUrls(ports),
    nodes,
    async stop() {
      await Promise.all(nodes.map((node) => node.remove()));
    },
  };
}

export const mongoUrls = (ports: readonly number[]): MongoUrls => ({
  url: replicaSetUrl(ports),
  databaseUrl: () => replicaSetUrl(ports, `test_${randomUUID().replaceAll('-', '')}`),
});

async function startNode(command: string, port: number): Promise<MongoNode & { remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-mongo-'));
  const start = (): Promise<ServerProcess> => startMongod({ command, port, folder, args: TEST_ARGUMENTS });
  let server = await start();
  return {
    url: nodeUrl(port),
    port,
    kill: () => server.stop('SIGKILL'),
    pause: () => server.signal('SIGSTOP'),
    resume: () => server.signal('SIGCONT'),
    async restart() {
      await server.exited;
      server = await start();
    },
    async remove() {
      await server.stop('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
