import { setTimeout as pause } from 'node:timers/promises';
import { mongo } from 'mongoose';

const ALREADY_INITIALIZED = 23;
/** MongoDB's answer while some of the members are not up yet. */
const NOT_ALL_REACHABLE = 74;
const RETRY_MS = 500;

/**
 * Makes the servers of the address a replica set with the name in the address, unless they are one already. Resolves when
 * it accepts writes. Waits `patienceMs` for servers that are starting. The servers must not require authentication yet;
 * with authentication, the operator initiates the set.
 */
export async function initiateReplicaSet(url: string, patienceMs = 60_000): Promise<void> {
  const { hosts, replicaSet } = new mongo.MongoClient(url).options;
  const [first] = hosts;
  if (first === undefined || !replicaSet) {
    throw new Error('To initiate a replica set, PARLEY_MONGO_URL must name its servers and end in ?replicaSet=<name>.');
  }
  const members = hosts.map((host, index) => ({ _id: index, host: host.toString() }));
  await withClient(`mongodb://${first.toString()}/?directConnection=true`, patienceMs, (client) =>
    initiate(client, { _id: replicaSet, members }, Date.now() + patienceMs),
  );
  await withClient(url, patienceMs, (client) => client.db('admin').command({ ping: 1 }));
}

async function initiate(client: mongo.MongoClient, config: mongo.Document, deadline: number): Promise<void> {
  for (;;) {
    try {
      await client.db('admin').command({ replSetInitiate: config });
      return;
    } catch (error) {
      const code = error instanceof mongo.MongoServerError ? error.code : undefined;
      if (code === ALREADY_INITIALIZED) return;
      if (code !== NOT_ALL_REACHABLE || Date.now() > deadline) throw error;
      await pause(RETRY_MS);
    }
  }
}

async function withClient(
  url: string,
  patienceMs: number,
  use: (client: mongo.MongoClient) => Promise<unknown>,
): Promise<void> {
  const client = new mongo.MongoClient(url, { serverSelectionTimeoutMS: patienceMs, heartbeatFrequencyMS: 500 });
  try {
    await client.connect();
    await use(client);
  } finally {
    await client.close();
  }
}
