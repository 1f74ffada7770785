import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, freePortRange, freePorts, startServerProcess, waitForLine } from '@parley/testing/servers';
import { planServices, portsNeeded } from '../../../deploy/cli/cluster/plan.ts';
import { migrateAll, serviceChild } from '../../../deploy/cli/cluster/service.ts';
import type { PlannedRoom } from '../generator/plan.ts';
import { COLLECTABLE } from './collectable.ts';
import { startMongoDatabase, startRedisDatabase } from './databases.ts';
import { groupsWithRooms, type SeededPeople, type SeededUser } from './population.ts';
import { seedHistoryMongo, seedHistorySqlite, type SeededHistory } from './seed-history.ts';
import { seedMongo } from './seed-mongo.ts';
import { seedSqlite } from './seed-sqlite.ts';
import type { Candidate, MeasuredProcess } from './server-under-test.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Limits are there against people who send more than people do, as the bench does. */
const WITHOUT_LIMITS = {
  PARLEY_LIMIT_COMMANDS_PER_SECOND: '0',
  PARLEY_LIMIT_CONNECTIONS_PER_USER: '0',
  PARLEY_LOG_LEVEL: 'warn',
};

/** A Parley with people in it. */
export interface SeededParley {
  /** Of each gateway. */
  readonly ports: readonly number[];
  readonly processes: readonly MeasuredProcess[];
  /** May be called again, with other people. */
  seed(people: SeededPeople): Promise<void>;
  seedHistory(history: SeededHistory): Promise<void>;
  stop(): Promise<void>;
}

interface SeededCluster extends SeededParley {
  readonly redisUrl: string;
}

export const sessionHeaders = ({ token }: SeededUser): Record<string, string> => ({
  Cookie: `parley_session=${token}`,
});

/** Flags of Node for every process of Parley, such as `--cpu-prof`. */
const nodeFlags = (): string[] => (process.env.PARLEY_BENCH_NODE_FLAGS ?? '').split(' ').filter(Boolean);

export async function startEmbeddedParley(): Promise<SeededParley> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const [port, managementPort] = [await freePort(), await freePort()];
  const server = await startServerProcess({
    command: process.execPath,
    args: [...nodeFlags(), join(ROOT, 'services/standalone/dist/main.js')],
    env: {
      ...process.env,
      ...COLLECTABLE,
      ...WITHOUT_LIMITS,
      PARLEY_DATA_DIR: dataDir,
      PARLEY_PORT: String(port),
      PARLEY_MANAGEMENT_PORT: String(managementPort),
    },
    signalWhenOrphaned: 'TERM',
    scratch: dataDir,
  });
  await waitForLine(server, 'parley', (line) => line.includes('served at'));
  return {
    ports: [port],
    processes: [{ label: 'Parley', pid: server.pid, holdsConnections: true }],
    seed: async (people) => seedSqlite(dataDir, people),
    seedHistory: async (history) => seedHistorySqlite(dataDir, history),
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export async function startParleyCluster(gateways: number): Promise<SeededCluster> {
  const [mongo, redis] = await Promise.all([startMongoDatabase('parley'), startRedisDatabase()]);
  const args = { gateways, rooms: 1, messages: 1, basePort: await freePortRange(gateways) };
  const flags = nodeFlags();
  const env = {
    ...process.env,
    ...WITHOUT_LIMITS,
    NODE_OPTIONS: [COLLECTABLE.NODE_OPTIONS, ...flags].join(' '),
    PARLEY_MONGO_URL: mongo.url,
    PARLEY_REDIS_URL: redis.url,
  };
  const token = randomBytes(32).toString('base64url');
  const plan = planServices(args, { env, token, freePorts: await freePorts(portsNeeded(args)) });
  await migrateAll(ROOT, plan);
  const services = await Promise.all(
    plan.map(async (planned) => {
      const child = serviceChild(ROOT, planned);
      const server = await child.launch();
      await child.ready(server);
      return { planned, server };
    }),
  );
  return {
    ports: plan.flatMap(({ service, port }) => (service === 'gateway' ? [port] : [])),
    processes: [
      ...services.map(({ planned: { service }, server: { pid } }) => ({
        label: service,
        pid,
        holdsConnections: service === 'gateway',
      })),
      mongo.process,
      redis.process,
    ],
    redisUrl: redis.url,
    seed: (people) => seedMongo(mongo.url, people),
    seedHistory: (history) => seedHistoryMongo(mongo.url, history),
    async stop() {
      // Stop gateways first, while the other services can still handle their last requests.
      const isGateway = ({ planned }: { planned: { service: string } }): boolean => planned.service === 'gateway';
      await Promise.all(services.filter(isGateway).map(({ server }) => server.stop()));
      await Promise.all(services.map(({ server }) => server.stop()));
      await Promise.all([mongo.stop(), redis.stop()]);
    },
  };
}

/** Everybody connects to the gateways in turn, and talks in the first of their rooms. */
function planRooms({ rooms }: SeededPeople, ports: readonly number[], roomsEach: number): PlannedRoom[] {
  const talking = rooms.filter((_room, index) => index % roomsEach === 0);
  return talking.map(({ roomId, members }) => ({
    name: roomId,
    members: members.map((member, index) => ({
      port: ports[index % ports.length] ?? 0,
      path: '/ws',
      headers: sessionHeaders(member),
    })),
  }));
}

const candidate = (name: string, start: () => Promise<SeededParley>): Candidate => ({
  name,
  durable: true,
  async start(population) {
    const parley = await start();
    const people = groupsWithRooms(population);
    await parley.seed(people);
    return {
      dialect: 'parley',
      rooms: planRooms(people, parley.ports, population.roomsEach ?? 1),
      processes: parley.processes,
      stop: () => parley.stop(),
    };
  },
});

export const PARLEY_EMBEDDED = candidate('Parley embedded', startEmbeddedParley);
export const PARLEY_ONE_GATEWAY = candidate('Parley 1 gateway', () => startParleyCluster(1));
export const PARLEY_TWO_GATEWAYS = candidate('Parley 2 gateways', () => startParleyCluster(2));
