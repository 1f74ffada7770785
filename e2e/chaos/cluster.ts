import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startProxy, startRedis, type RedisServer, type TcpProxy } from '@parley/testing';
import { freePortRange, freePorts } from '@parley/testing/servers';
import { planServices, portsNeeded, type PlannedService } from '../../deploy/cli/cluster/plan.ts';
import { migrateAll } from '../../deploy/cli/cluster/service.ts';
import { ReplicaSet } from '../../services/message/src/testing/replica-set.ts';
import type { Random } from '../protocol/random/seeded-random.ts';
import { Balancer } from './balancer.ts';
import { ServiceProcess } from './service-process.ts';

/** The tree of this build. */
export const ROOT = join(import.meta.dirname, '..', '..');

const REPLICAS = { gateways: 3, rooms: 2, messages: 2 };

/** Everybody comes from one address, at once. */
const SETTINGS = {
  PARLEY_LIMIT_SIGNUPS_PER_HOUR: '0',
  PARLEY_LIMIT_LOGINS_PER_MINUTE: '0',
  PARLEY_DRAIN_SECONDS: '3',
  // Of what is broken on purpose there is much to warn of.
  PARLEY_LOG_LEVEL: process.env.PARLEY_LOG_LEVEL ?? 'error',
};

/** The root of the tree whose build runs as that service's process number `index`. */
type BuildOf = (service: PlannedService['service'], index: number) => string;

interface Parts {
  readonly mongo: ReplicaSet;
  readonly databaseUrl: string;
  readonly redis: RedisServer;
  readonly redisLinks: readonly TcpProxy[];
  readonly services: readonly (PlannedService & { readonly process: ServiceProcess })[];
  readonly balancer: Balancer;
}

/** Parley over a MongoDB of three nodes and a Valkey, behind a balancer; all of it can be broken. */
export class Cluster {
  readonly mongo: ReplicaSet;
  readonly databaseUrl: string;
  readonly redis: RedisServer;
  /** The network between Redis and the gateway with the same index. */
  readonly redisLinks: readonly TcpProxy[];
  readonly url: string;
  readonly #services: Parts['services'];
  readonly #balancer: Balancer;

  private constructor({ mongo, databaseUrl, redis, redisLinks, services, balancer }: Parts) {
    this.mongo = mongo;
    this.databaseUrl = databaseUrl;
    this.redis = redis;
    this.redisLinks = redisLinks;
    this.url = balancer.url;
    this.#services = services;
    this.#balancer = balancer;
  }

  /** As in an upgrade, what is of another build runs before the database is brought to the schema of this one. */
  static async start(random: Random, buildOf: BuildOf = () => ROOT): Promise<Cluster> {
    const [mongo, redis] = await Promise.all([ReplicaSet.start(), startRedis({ server: 'valkey' })]);
    const databaseUrl = mongo.databaseUrl();
    const redisLinks = await Promise.all(Array.from({ length: REPLICAS.gateways }, () => startProxy(redis)));
    const args = { ...REPLICAS, basePort: await freePortRange(REPLICAS.gateways) };
    const plan = planServices(args, {
      env: { ...process.env, ...SETTINGS, PARLEY_MONGO_URL: databaseUrl, PARLEY_REDIS_URL: redis.url },
      token: randomBytes(32).toString('base64url'),
      freePorts: await freePorts(portsNeeded(args)),
    });
    const links = redisLinks.values();
    const services = plan.map((planned) => {
      const link = planned.service === 'gateway' ? links.next().value : undefined;
      const env = link ? { ...planned.env, PARLEY_REDIS_URL: `redis://127.0.0.1:${link.port}` } : planned.env;
      const index = plan.filter(({ service }) => service === planned.service).indexOf(planned);
      const build = buildOf(planned.service, index);
      return { ...planned, build, process: new ServiceProcess(build, { ...planned, env }) };
    });
    const builds = new Set(services.map(({ build }) => build));
    for (const build of [...builds].sort((one) => (one === ROOT ? 1 : -1))) {
      await migrateAll(build, plan);
      await Promise.all(services.filter((service) => service.build === build).map(({ process }) => process.start()));
    }
    const gatewayPorts = services.filter(({ service }) => service === 'gateway').map(({ port }) => port);
    const balancer = await Balancer.start(gatewayPorts, random);
    return new Cluster({ mongo, databaseUrl, redis, redisLinks, services, balancer });
  }

  /** As the job before an upgrade does it. */
  migrate(): Promise<void> {
    return migrateAll(ROOT, this.#services);
  }

  get gateways(): ServiceProcess[] {
    return this.processesOf('gateway');
  }

  processesOf(service: PlannedService['service']): ServiceProcess[] {
    return this.#services.filter((one) => one.service === service).map((one) => one.process);
  }

  get processes(): ServiceProcess[] {
    return this.#services.map((one) => one.process);
  }

  /** Labels of the services whose process has ended, which only a fault may cause. */
  endedServices(): string[] {
    return this.processes.filter(({ hasEnded }) => hasEnded).map(({ label }) => label);
  }

  /** Number of connections that the gateways report. */
  connections(): Promise<number> {
    return this.metric('parley_connections');
  }

  /** Sum over the gateways. */
  async metric(name: string): Promise<number> {
    const values = await Promise.all(this.gateways.map((gateway) => gateway.metric(name)));
    return values.reduce((sum, value) => sum + value, 0);
  }

  async stop(): Promise<void> {
    await this.#balancer.close();
    await Promise.all(this.processes.map((process) => process.stop()));
    await Promise.all([...this.redisLinks.map((link) => link.close()), this.redis.stop(), this.mongo.stop()]);
  }
}
