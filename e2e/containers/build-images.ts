import type { TestProject } from 'vitest/node';
import { documented, runInShell } from '../harness/documented.ts';

/** vitest's globalSetup of the container tests, once a run: the images are of the sources as they are now. */
export default async function setup(project: TestProject): Promise<void> {
  if (project.getProvidedContext().missing.containers === undefined) await runInShell(documented('npm run images'));
}
