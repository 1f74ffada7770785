import { MongoClient, MongoServerError, type Document } from 'mongodb';
import { startServerProcess, waitForLine, type ServerProcess } from './server-process.ts';

const NOT_YET_INITIALIZED = 94;
const REPLICA_SET = 'parley';

export interface ServerLocation {
  readonly port: number;
  /** The data folder. */
  readonly folder: string;
  /** The address it listens on; default 127.0.0.1. */
  readonly host?: string;
}

export interface MongodOptions extends ServerLocation {
  readonly command: string;
  /** Further arguments of mongod. */
  readonly args: readonly string[];
}

/**
 * Starts one member of the replica set `parley` and waits until it accepts connections. Its folder is deleted when this
 * process ends. Throws when the server exits instead.
 */
export async function startMongod({ command, args, ...location }: MongodOptions): Promise<ServerProcess> {
  const server = await startServerProcess({
    command,
    args: [...mongodArguments(location), ...args],
    scratch: location.folder,
  });
  await waitForLine(server, 'mongod', (line) => line.includes('Waiting for connections'));
  return server;
}

export const mongodArguments = ({ port, folder, host = '127.0.0.1' }: ServerLocation): string[] => [
  ...['--replSet', REPLICA_SET, '--port', String(port), '--bind_ip', host, '--dbpath', folder],
  ...['--wiredTigerCacheSizeGB', '0.25', '--nounixsocket'],
  // A transaction left open by a killed service blocks writes to its room until it expires.
  ...['--setParameter', 'transactionLifetimeLimitSeconds=10'],
];

export const nodeUrl = (port: number): string => `mongodb://127.0.0.1:${port}/?directConnection=true`;

export function replicaSetUrl(ports: readonly number[], database = ''): string {
  return `mongodb://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/${database}?replicaSet=${REPLICA_SET}`;
}

/**
 * Initiates a replica set of these nodes, or moves an existing one to these ports. Resolves when there is a primary that
 * accepts writes.
 */
export async function initiateReplicaSet(ports: readonly number[]): Promise<void> {
  const [first] = ports;
  if (first === undefined) throw new Error('A replica set needs a node.');
  const client = await MongoClient.connect(nodeUrl(first));
  try {
    const admin = client.db('admin');
    const members = ports.map((port, index) => ({ _id: index, host: `127.0.0.1:${port}` }));
    const config = await readConfig(client);
    if (config === undefined) {
      const settings = { electionTimeoutMillis: 2_000, heartbeatIntervalMillis: 500 };
      await admin.command({ replSetInitiate: { _id: REPLICA_SET, members, settings } });
    } else if (JSON.stringify(hosts(config)) !== JSON.stringify(hosts({ members }))) {
      const moved = { ...config, members, version: Number(config.version) + 1 };
      await admin.command({ replSetReconfig: moved, force: true });
    }
  } finally {
    await client.close();
  }
  await waitForPrimary(replicaSetUrl(ports));
}

async function readConfig(client: MongoClient): Promise<Document | undefined> {
  try {
    const { config } = await client.db('admin').command({ replSetGetConfig: 1 });
    return config as Document;
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NOT_YET_INITIALIZED) return undefined;
    throw error;
  }
}

const hosts = (config: Document): unknown => (config.members as { host: string }[]).map(({ host }) => host);

async function waitForPrimary(url: string): Promise<void> {
  const client = await MongoClient.connect(url, { serverSelectionTimeoutMS: 30_000, heartbeatFrequencyMS: 500 });
  try {
    await client.db('admin').command({ ping: 1 });
  } finally {
    await client.close();
  }
}
