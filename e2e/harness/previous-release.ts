import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const ARCHIVES = join(root, 'e2e', 'upgrade', 'releases');
const CACHE = join(root, '.cache', 'releases');

/** The release before this build: its sources are in the repository, so that a checkout without history has it, too. */
export interface Release {
  /** As `0.1.0`. */
  readonly version: string;
  /** Of its tree, in which everything is built. */
  readonly root: string;
}

/** Resolves when it is built, which happens once and takes its packages from the registry. */
export async function previousRelease(): Promise<Release> {
  const archives = readdirSync(ARCHIVES).filter((name) => name.endsWith('.tar.gz'));
  const [name] = archives;
  if (name === undefined || archives.length > 1) {
    throw new Error(`${ARCHIVES} must hold one archive, that of the release before; it has ${archives.length}.`);
  }
  const archive = join(ARCHIVES, name);
  const digest = createHash('sha256').update(readFileSync(archive)).digest('hex');
  const built = join(CACHE, digest.slice(0, 16));
  if (!existsSync(built)) await build(archive, built);
  const version = versionOf(built);
  if (name !== `parley-${version}.tar.gz`) throw new Error(`${name} holds Parley ${version}.`);
  if (version === versionOf(root)) {
    throw new Error(`${name} is of the version in package.json: raise that, or put the release before it there.`);
  }
  return { version, root: built };
}

async function build(archive: string, folder: string): Promise<void> {
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const unfinished = mkdtempSync(join(CACHE, 'unfinished-'));
  await run('tar', ['-xzf', archive, '-C', unfinished], root);
  await run('npm', ['run', '--silent', 'build'], unfinished);
  renameSync(unfinished, folder);
}

const versionOf = (tree: string): string =>
  (JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8')) as { version: string }).version;

/** As an operator runs it, who has not NODE_ENV=test. */
async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { NODE_ENV: _, ...env } = process.env;
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${output}`);
}
