import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { findMissing, type Need } from './needs.ts';
import type { MissingProgram } from './servers/find-server.ts';
import { startMongo, type MongoServer } from './servers/mongo.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The needs that describeWith skips, with the reasons. */
    missing: Partial<Record<Need, MissingProgram>>;
    /** Returns the ports of the run's MongoDB, which is started by the first request. */
    sharedMongoUrl: string;
  }
}

/** vitest's globalSetup: runs once in the main process, which owns the shared MongoDB. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let mongo: Promise<MongoServer> | undefined;
  const broker = createServer((_request, response) => {
    mongo ??= startMongo({ nodes: 1 });
    mongo.then(
      ({ nodes }) => response.end(JSON.stringify(nodes.map(({ port }) => port))),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  project.provide('missing', await findMissing());
  project.provide('sharedMongoUrl', await listen(broker));
  return async () => {
    broker.close();
    await (await mongo)?.stop();
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
