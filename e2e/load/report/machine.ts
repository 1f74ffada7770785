import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { findServer } from '@parley/testing/servers';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** What the figures were measured on, by name. */
export type Machine = Readonly<Record<string, string>>;

export async function describeMachine(): Promise<Machine> {
  const [cpu] = cpus();
  const [mongod, valkey] = await Promise.all([findServer('mongod'), findServer('valkey')]);
  return {
    Processor: `${cpus().length} × ${cpu?.model ?? 'unknown'}`,
    Memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    System: `Linux ${release()}`,
    Node: process.version,
    MongoDB: ('version' in mongod && mongod.version) || 'none',
    Valkey: ('version' in valkey && valkey.version) || 'none',
    'Socket.IO': await versionOf('socket.io'),
    '@socket.io/redis-adapter': await versionOf('@socket.io/redis-adapter'),
    '@nestjs/platform-ws': await versionOf('@nestjs/platform-ws'),
    ws: await versionOf('ws'),
    Go: await run('go', ['version']).then(
      ({ stdout }) => stdout.trim().replace('go version ', ''),
      () => 'none',
    ),
  };
}

/** Of an installed package, from its own package.json. */
async function versionOf(name: string): Promise<string> {
  const entry = require.resolve(name);
  const folder = entry.slice(0, entry.lastIndexOf(`/node_modules/${name}/`) + `/node_modules/${name}/`.length);
  const { version } = JSON.parse(await readFile(`${folder}package.json`, 'utf8')) as { version: string };
  return version;
}

/** Short, with a plus when something is not committed. */
export async function commitOf(root: string): Promise<string> {
  const { stdout } = await run('git', ['describe', '--always', '--dirty=+'], { cwd: root });
  return stdout.trim();
}
