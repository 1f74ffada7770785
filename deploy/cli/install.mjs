import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PNPM = 'pnpm@12.21.0';
/** The oldest Node that runs Parley. Only deploy/cli/parley.mjs runs under Node 20. */
const NEEDED_MAJOR = 24;

const majorOf = (version) => Number(version.slice(1).split('.')[0]);

/** Installs the packages of the lock file unless they are installed. Throws an Error whose message names the remedy. */
export function ensureInstalled(root) {
  const marker = join(root, 'node_modules', '.parley-installed');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .update(readFileSync(join(root, 'pnpm-workspace.yaml')))
    .digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lock) return;
  process.stderr.write('Installing packages (this happens once) …\n');
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['--yes', PNPM, 'install', '--frozen-lockfile', '--reporter=append-only'],
    { cwd: root, encoding: 'utf8', env: { ...process.env, CI: 'true' }, shell: process.platform === 'win32' },
  );
  if (status !== 0) {
    process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
    throw new Error(
      'The packages could not be installed: check the network (or the npm registry set in .npmrc) and try again.',
    );
  }
  writeFileSync(marker, lock);
}

/**
 * The path of the Node that runs Parley: this one if it is new enough, else the installed package.
 * Throws an Error whose message names the remedy.
 */
export function nodeToRunWith(root) {
  if (majorOf(process.version) >= NEEDED_MAJOR) return process.execPath;
  const installed = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(installed) && spawnSync(installed, ['--version']).status === 0) return installed;
  throw new Error(
    `Parley needs Node ${NEEDED_MAJOR} here and this is ${process.version}: install Node ${NEEDED_MAJOR} from nodejs.org and start again.`,
  );
}

/** The environment for child processes, in which `node` is that Node. */
export function environmentWith(node, root) {
  const separator = process.platform === 'win32' ? ';' : ':';
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(separator);
  return { ...process.env, PATH: path };
}
