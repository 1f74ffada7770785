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
  /** From now on pages are of the newer build; files of the older one are there still, as they are during a release. */
  release(): void;
  remove(): void;
}

/** The built web app, and a build of the same made anew by that config, which differs by its age at least. */
export function prepareBuilds(config = 'web/vite.config.ts'): Promise<Builds> {
  return serveInTurn(BUILT, (newer) => build(newer, config));
}

/** The web app of the release before, and the one that is built here. */
export async function prepareReleases(): Promise<Builds> {
  const { root: older } = await previousRelease();
  return serveInTurn(join(older, 'web', 'dist'), (newer) => cpSync(BUILT, newer, { recursive: true }));
}

async function serveInTurn(older: string, makeNewer: (folder: string) => void | Promise<void>): Promise<Builds> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-builds-'));
  const [served, newer] = [join(folder, 'served'), join(folder, 'newer')];
  await makeNewer(newer);
  // Which files there are, a gateway looks up once, when it starts.
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
