/** `npm run cluster`: runs Parley's services as processes of this machine. */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { freePort, freePorts, initiateReplicaSet, replicaSetUrl } from '@parley/testing/servers';
import { parseCommandLine } from './command-line.ts';
import { CLUSTER, clusterArguments, gatewayPorts, type ClusterArguments } from './cluster/arguments.ts';
import { mongoRecipe, redisRecipe, startBackend } from './cluster/backends.ts';
import { gatewayUrls, planServices, portsNeeded } from './cluster/plan.ts';
import { assertPortsFree } from './cluster/ports.ts';
import { migrateAll, serviceChild } from './cluster/service.ts';
import { Supervised } from './cluster/supervised.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const log = (line: string): void => void process.stdout.write(`${line}\n`);

/** Starts the database and Redis, then the services, and stops them in reverse order. */
class LocalCluster {
  readonly #backends: Supervised[] = [];
  readonly #services: Supervised[] = [];

  async start(args: ClusterArguments): Promise<void> {
    await assertPortsFree(gatewayPorts(args), process.env.PARLEY_HOST);
    const env = { ...process.env, ...(await this.#startMongo(process.env)), ...(await this.#startRedis(process.env)) };
    const token = randomBytes(32).toString('base64url');
    const plan = planServices(args, { env, token, freePorts: await freePorts(portsNeeded(args)) });
    await migrateAll(root, plan);
    for (const service of plan) this.#services.push(new Supervised(serviceChild(root, service), log));
    await Promise.all(this.#services.map((service) => service.start()));
    log(`ready: ${gatewayUrls(args, process.env.PARLEY_HOST).join(' ')}`);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#services.map((service) => service.stop()));
    await Promise.all(this.#backends.map((backend) => backend.stop()));
  }

  async #startMongo(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
    if (env.PARLEY_MONGO_URL !== undefined || env.PARLEY_MONGO_URL_FILE !== undefined) return {};
    const port = await freePort();
    this.#backends.push(await startBackend(mongoRecipe(env), port, log));
    await initiateReplicaSet([port]);
    return { PARLEY_MONGO_URL: replicaSetUrl([port], 'parley') };
  }

  async #startRedis(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
    if (env.PARLEY_REDIS_URL !== undefined || env.PARLEY_REDIS_URL_FILE !== undefined) return {};
    const port = await freePort();
    this.#backends.push(await startBackend(redisRecipe(env), port, log));
    return { PARLEY_REDIS_URL: `redis://127.0.0.1:${port}` };
  }
}

async function main(): Promise<void> {
  const args = parseCommandLine(CLUSTER, clusterArguments);
  const cluster = new LocalCluster();
  let stopping: Promise<never> | undefined;
  const end = async (status: number): Promise<never> => {
    await cluster.stop();
    process.exit(status);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping === undefined) log('stopping');
      stopping ??= end(0);
    });
  }
  try {
    await cluster.start(args);
  } catch (error) {
    if (stopping === undefined) process.stderr.write(`${(error as Error).message}\n`);
    stopping ??= end(1);
  }
}

await main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
