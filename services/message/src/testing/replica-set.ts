import { startMongo, type MongoNode, type MongoServer } from '@parley/testing';
import { createConnection } from 'mongoose';
import { vi } from 'vitest';

/** A three-node MongoDB that tests break and repair. */
export class ReplicaSet {
  readonly #server: MongoServer;
  readonly #killed = new Set<MongoNode>();

  private constructor(server: MongoServer) {
    this.#server = server;
  }

  static async start(): Promise<ReplicaSet> {
    return new ReplicaSet(await startMongo({ nodes: 3 }));
  }

  databaseUrl(): string {
    return this.#server.databaseUrl();
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** The current primary, and the other nodes that are running. */
  async roles(): Promise<{ primary: MongoNode; secondaries: MongoNode[] }> {
    const living = this.#server.nodes.filter((node) => !this.#killed.has(node));
    const primary = await vi.waitFor(
      async () => {
        const writable = await Promise.all(
          living.map(async (node) => (await command(node, { hello: 1 })).isWritablePrimary === true),
        );
        const found = living[writable.indexOf(true)];
        if (!found) throw new Error('No node is primary.');
        return found;
      },
      { timeout: 60_000, interval: 100 },
    );
    return { primary, secondaries: living.filter((node) => node !== primary) };
  }

  async kill(...nodes: readonly MongoNode[]): Promise<void> {
    for (const node of nodes) this.#killed.add(node);
    await Promise.all(nodes.map((node) => node.kill()));
  }

  async stepDown(): Promise<void> {
    const { primary } = await this.roles();
    await command(primary, { replSetStepDown: 2, secondaryCatchUpPeriodSecs: 1, force: true });
  }

  /** From then on writes reach the primary, but no majority. */
  async stopReplication(nodes: readonly MongoNode[]): Promise<void> {
    await Promise.all(nodes.map((node) => failPoint(node, 'stopReplProducer', 'alwaysOn')));
  }

  async resumeReplication(nodes: readonly MongoNode[]): Promise<void> {
    await Promise.all(nodes.map((node) => failPoint(node, 'stopReplProducer', 'off')));
  }

  /** The next insert is executed, but answered with a write concern error, as when a majority is slow. */
  async hideNextInsert(): Promise<void> {
    const { primary } = await this.roles();
    const writeConcernError = { code: 64, errmsg: 'waiting for replication timed out', errInfo: { wtimeout: true } };
    await failPoint(primary, 'failCommand', { times: 1 }, { failCommands: ['insert'], writeConcernError });
  }

  /** Restarts and resumes all nodes, and waits until they replicate again. */
  async repair(): Promise<void> {
    await Promise.all([...this.#killed].map((node) => node.restart()));
    this.#killed.clear();
    await this.resumeReplication(this.#server.nodes);
    const { primary } = await this.roles();
    await vi.waitFor(
      async () => {
        const { members } = await command(primary, { replSetGetStatus: 1 });
        const states = (members as { stateStr: string }[]).map(({ stateStr }) => stateStr).sort();
        if (states.join() !== 'PRIMARY,SECONDARY,SECONDARY') throw new Error(states.join());
      },
      { timeout: 60_000, interval: 200 },
    );
  }
}

function failPoint(node: MongoNode, name: string, mode: unknown, data: object = {}) {
  return command(node, { configureFailPoint: name, mode, data });
}

/** Runs a command on that node, whether primary or secondary. */
async function command(node: MongoNode, document: Readonly<Record<string, unknown>>) {
  const connection = await createConnection(node.url, { serverSelectionTimeoutMS: 10_000 }).asPromise();
  try {
    return await connection
      .getClient()
      .db('admin')
      .command({ ...document });
  } finally {
    await connection.close();
  }
}

/** The entries on that node, whether or not they are at majority. */
export async function entriesOnNode(node: MongoNode, databaseUrl: string, roomId: string): Promise<unknown[]> {
  const connection = await createConnection(node.url).asPromise();
  try {
    const database = new URL(databaseUrl.replace(/,[^/]*/, '')).pathname.slice(1);
    const entries = connection.getClient().db(database).collection('entries');
    return await entries.find({ roomId }, { readConcern: { level: 'local' } }).toArray();
  } finally {
    await connection.close();
  }
}
