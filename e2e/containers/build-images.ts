import { spawnSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';
import { root } from './docker.ts';

/** vitest's globalSetup of the container tests, once a run: the images are of the sources as they are now. */
export default function setup(project: TestProject): void {
  if (project.getProvidedContext().missing.containers !== undefined) return;
  const build = spawnSync(process.execPath, ['--conditions=source', 'deploy/local/images.ts'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (build.status !== 0) throw new Error(`The images could not be built:\n${build.stdout}${build.stderr}`);
}
