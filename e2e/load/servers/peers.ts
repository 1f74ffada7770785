import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startServerProcess, waitForLine } from '@parley/testing/servers';
import type { DialectName } from '../generator/dialects.ts';
import type { PlannedRoom } from '../generator/plan.ts';
import { COLLECTABLE } from './collectable.ts';
import { startMongoDatabase, startRedisDatabase, type Database } from './databases.ts';
import type { Candidate, Population } from './server-under-test.ts';

const PEERS = join(import.meta.dirname, '..', 'peers');
const CACHE = join(import.meta.dirname, '..', '..', '..', '.cache', 'bench');
const run = promisify(execFile);

interface Peer {
  readonly name: string;
  readonly dialect: DialectName;
  readonly durable: boolean;
  readonly uses: readonly ('mongo' | 'redis')[];
  /** Of its WebSocket, with a `?` for what comes after. */
  readonly path: string;
  /** What to run. */
  readonly command: () => Promise<readonly [string, ...string[]]>;
}

const node = (file: string) => async (): Promise<readonly [string, ...string[]]> => [
  process.execPath,
  '--disable-warning=ExperimentalWarning',
  join(PEERS, file),
];

function toCandidate({ name, dialect, durable, uses, path, command }: Peer): Candidate {
  return {
    name,
    durable,
    async start(population) {
      const [mongo, redis] = await Promise.all([
        uses.includes('mongo') ? startMongoDatabase('peer') : undefined,
        uses.includes('redis') ? startRedisDatabase() : undefined,
      ]);
      const databases: readonly Database[] = [mongo, redis].filter((database) => database !== undefined);
      const port = await freePort();
      const [program, ...args] = await command();
      const server = await startServerProcess({
        command: program,
        args,
        env: {
          ...process.env,
          ...COLLECTABLE,
          NODE_ENV: 'production',
          PEER_PORT: String(port),
          PEER_MONGO_URL: mongo?.url,
          PEER_REDIS_URL: redis?.url,
        },
      });
      await waitForLine(server, name, (line) => line === 'peer ready');
      return {
        dialect,
        rooms: planRooms(population, port, path),
        processes: [
          { label: 'server', pid: server.pid, holdsConnections: true },
          ...databases.map((database) => database.process),
        ],
        async stop() {
          await server.stop('SIGKILL');
          await Promise.all(databases.map((database) => database.stop()));
        },
      };
    },
  };
}

const planRooms = ({ rooms, members }: Population, port: number, path: string): PlannedRoom[] =>
  Array.from({ length: rooms }, (_room, room) => ({
    name: `room${room}`,
    members: Array.from({ length: members }, (_member, user) => ({
      port,
      path: `${path}room=room${room}&user=user${room * members + user}`,
      headers: {},
    })),
  }));

/** Built once, into the cache. Rejects when there is no Go toolchain, or its modules cannot be had. */
async function buildCentrifuge(): Promise<readonly [string]> {
  await mkdir(CACHE, { recursive: true });
  const program = join(CACHE, 'centrifuge-peer');
  await run('go', ['build', '-o', program, '.'], { cwd: join(PEERS, 'centrifuge') });
  return [program];
}

/** Whether `go` is there. */
export async function hasGo(): Promise<boolean> {
  return run('go', ['version']).then(
    () => true,
    () => false,
  );
}

export const SOCKET_IO = toCandidate({
  name: 'Socket.IO + redis-adapter',
  dialect: 'socketIo',
  durable: true,
  uses: ['mongo', 'redis'],
  path: '/socket.io/?EIO=4&transport=websocket&',
  command: node('socket-io.ts'),
});

export const NAIVE_NEST = toCandidate({
  name: 'Nest platform-ws naive',
  dialect: 'nest',
  durable: true,
  uses: ['mongo'],
  path: '/?',
  command: node('nest.ts'),
});

export const PLAIN_WS = toCandidate({
  name: 'plain ws broadcast',
  dialect: 'plain',
  durable: false,
  uses: [],
  path: '/?',
  command: node('plain-ws.ts'),
});

export const CENTRIFUGE = toCandidate({
  name: 'Centrifuge 0.40',
  dialect: 'centrifuge',
  durable: false,
  uses: ['redis'],
  path: '/?',
  command: buildCentrifuge,
});
