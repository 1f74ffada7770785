import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A folder from which Parley serves one build of the web app, and later a newer one from the same origin. */
export interface Builds {
  /** For PARLEY_WEB_DIR. */
  readonly folder: string;
  /** From now on pages are of the newer build; files of the older one are there still, as they are during a release. */
  release(): void;
  remove(): void;
}

/**
 * The built web app, and a build made anew.
 * @param config the newer one's, where it differs by more than its age
 */
export async function prepareBuilds(config = 'web/vite.config.ts'): Promise<Builds> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-builds-'));
  const [served, newer] = [join(folder, 'served'), join(folder, 'newer')];
  await build(newer, config);
  // Which files there are, a gateway looks up once, when it starts.
  cpSync(join(newer, 'assets'), join(served, 'assets'), { recursive: true });
  cpSync(join(root, 'web', 'dist'), served, { recursive: true });
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
