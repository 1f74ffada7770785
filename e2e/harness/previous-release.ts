import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const ARCHIVES = join(root, 'e2e', 'upgrade', 'releases');
const CACHE = join(root, '.cache', 'releases');

/** The previous release. Its sources are in the repository, so that a checkout without history has them, too. */
export interface Release {
  /** Such as `0.1.0`. */
  readonly version: string;
  /** Root of its tree, which is built. */
  readonly root: string;
}

/** Resolves when it is built. It is built once, with packages from the registry. */
export async function previousRelease(): Promise<Release> {
  const archives = readdirSync(ARCHIVES).filter((name) => name.endsWith('.tar.gz'));
  const [name] = archives;
  if (name === undefined || archives.length > 1) {
    throw new Error(
      `${ARCHIVES} must contain one archive, that of the previous release, but contains ${archives.length}.`,
    );
  }
  const archive = join(ARCHIVES, name);
  const digest = createHash('sha256').update(readFileSync(archive)).digest('hex');
  const built = join(CACHE, digest.slice(0, 16));
  if (!existsSync(built)) await build(archive, built);
  const version = versionOf(built);
  if (name !== `parley-${version}.tar.gz`) throw new Error(`${name} holds Parley ${version}.`);
  if (version === versionOf(root)) {
    throw new Error(
      `${name} has the version of package.json. Raise that version, or replace the archive by the previous release.`,
    );
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

/** Runs a command as an operator would, without NODE_ENV=test. */
async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { NODE_ENV: _, ...env } = process.env;
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${output}`);
}
