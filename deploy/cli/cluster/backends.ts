import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import {
  findServer,
  mongodArguments,
  redisArguments,
  startServerProcess,
  waitForLine,
  type FoundProgram,
  type ServerName,
  type ServerLocation,
} from '@parley/testing/servers';
import { chooseImage, findDocker, removeContainer, runContainer } from './docker.ts';
import { Supervised, type Child } from './supervised.ts';

const PATIENCE_MS = 10_000;

/** How to run one kind of server, in a container or as a program. */
export interface BackendRecipe {
  readonly label: string;
  /** Usable programs, the preferred one first. */
  readonly programs: readonly ServerName[];
  readonly images: readonly string[];
  /** The command inside the image, before the arguments. */
  readonly entrypoint: readonly string[];
  /** The data folder, if it stores data. */
  readonly data: string | undefined;
  readonly readyLine: string;
  readonly arguments: (location: ServerLocation) => string[];
}

export const mongoRecipe = (env: NodeJS.ProcessEnv): BackendRecipe => ({
  label: 'mongod',
  programs: ['mongod'],
  images: env.PARLEY_MONGO_IMAGE === undefined ? ['mongo:8.0', 'mongo:6.0'] : [env.PARLEY_MONGO_IMAGE],
  entrypoint: ['mongod'],
  data: resolve(env.PARLEY_DATA_DIR ?? 'data', 'cluster-mongo'),
  readyLine: 'Waiting for connections',
  arguments: mongodArguments,
});

export const redisRecipe = (env: NodeJS.ProcessEnv): BackendRecipe => ({
  label: 'redis',
  programs: ['valkey', 'redis'],
  images: [env.PARLEY_REDIS_IMAGE ?? 'valkey/valkey:9'],
  entrypoint: ['sh', '-c', 'exec "$(command -v valkey-server || command -v redis-server)" "$@"', 'sh'],
  data: undefined,
  readyLine: 'Ready to accept connections',
  arguments: redisArguments,
});

/** Starts the server in Docker, else from PATH, else from a wheel. Rejects with one sentence for the operator if it has none. */
export async function startBackend(
  recipe: BackendRecipe,
  port: number,
  log: (line: string) => void,
): Promise<Supervised> {
  const docker = await findDocker();
  if (docker !== undefined) {
    try {
      return await start(await containerChild(recipe, port, docker), log);
    } catch (error) {
      log(`${recipe.label}: not started in Docker: ${(error as Error).message}`);
    }
  }
  return start(await programChild(recipe, port), log);
}

async function start(child: Child, log: (line: string) => void): Promise<Supervised> {
  const supervised = new Supervised(child, log);
  try {
    await supervised.start();
    return supervised;
  } catch (error) {
    await supervised.stop();
    throw error;
  }
}

async function containerChild(recipe: BackendRecipe, port: number, docker: string): Promise<Child> {
  const image = await chooseImage(docker, recipe.images);
  const name = `parley-cluster-${recipe.label}-${port}`;
  // Another version may not be able to read this version's data.
  const data = recipe.data && `${recipe.data}-${image.replaceAll(/[^\w.]+/g, '-')}`;
  const folder = data === undefined ? '/tmp' : '/data/db';
  if (data !== undefined) await mkdir(data, { recursive: true });
  return {
    ...child(recipe, `${recipe.label} ${port} (${image} in Docker)`),
    launch: () =>
      runContainer({
        ...{ docker, image, name, port },
        ...(data === undefined ? {} : { volume: [data, folder] }),
        command: [...recipe.entrypoint, ...recipe.arguments({ port, folder, host: '0.0.0.0' })],
      }),
    cleanUp: () => removeContainer(docker, name),
  };
}

async function programChild(recipe: BackendRecipe, port: number): Promise<Child> {
  const { command } = await findProgram(recipe.programs);
  if (recipe.data !== undefined) await mkdir(recipe.data, { recursive: true });
  const args = recipe.arguments({ port, folder: recipe.data ?? tmpdir() });
  return {
    ...child(recipe, `${recipe.label} ${port} (${command})`),
    launch: () => startServerProcess({ command, args, signalWhenOrphaned: 'TERM' }),
  };
}

const child = (recipe: BackendRecipe, label: string): Pick<Child, 'label' | 'patienceMs' | 'ready'> => ({
  label,
  patienceMs: PATIENCE_MS,
  async ready(server) {
    try {
      await waitForLine(server, recipe.label, (line) => line.includes(recipe.readyLine));
    } catch (error) {
      if (!server.output.some((line) => line.includes('DBPathInUse'))) throw error;
      const advice = 'stop it, or set PARLEY_DATA_DIR to another folder';
      throw new Error(`Another cluster uses ${recipe.data}: ${advice}.`, { cause: error });
    }
  },
});

async function findProgram(names: readonly ServerName[]): Promise<FoundProgram> {
  const reasons: string[] = [];
  for (const source of ['path', 'wheel'] as const) {
    for (const name of names) {
      const found = await findServer(name, [source]);
      if ('command' in found) return found;
      reasons.push(`${found.missing} ${found.remedy}`);
    }
  }
  throw new Error(reasons.at(-names.length) ?? 'There is no program to try.');
}
