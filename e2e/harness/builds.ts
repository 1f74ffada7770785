import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { previousRelease } from './previous-release.ts';

const root = join(import.meta.dirname, '..', '..');
const BUILT = join(root, 'web', 'dist');

/** A folder from which Parley serves one build of the web app, and later a newer one from the same origin. */
export interface Builds {
  /** For PARLEY_WEB_DIR. */
  readonly folder: string;
  /** Serves pages of the newer build from now on, and keeps the files of the older one, as during a release. */
  release(): void;
  remove(): void;
}

/** The built web app, and a second build of it with that config, which differs at least in its build time. */
export function prepareBuilds(config = 'web/vite.config.ts'): Promise<Builds> {
  return serveInTurn(BUILT, (newer) => build(newer, config));
}

/** The web app of the previous release, and the one of this build. */
export async function prepareReleases(): Promise<Builds> {
  const { root: older } = await previousRelease();
  return serveInTurn(join(older, 'web', 'dist'), (newer) => cpSync(BUILT, newer, { recursive: true }));
}

async function serveInTurn(older: string, makeNewer: (folder: string) => void | Promise<void>): Promise<Builds> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-builds-'));
  const [served, newer] = [join(folder, 'served'), join(folder, 'newer')];
  await makeNewer(newer);
  // A gateway lists the files once, when it starts.
  cpSync(join(newer, 'assets'), join(served, 'assets'), { recursive: true });
  cpSync(older, served, { recursive: true });
  return {
    folder: served,
    release: () => cpSync(newer, served, { recursive: true }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

async function build(outDir: string, config: string): Promise<void> {
  const vite = join(root, 'web', 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', '--config', join(root, config), '--outDir', outDir, '--logLevel', 'error'];
  const env = { ...process.env, NODE_ENV: 'production', PARLEY_BUILD: String(Date.now()) };
  const child = spawn(process.execPath, args, { cwd: join(root, 'web'), env, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`The web app could not be built (${status}):\n${output}`);
}
