import type { TestProject } from 'vitest/node';
import buildImages from '../containers/build-images.ts';

/** vitest's globalSetup of the Kubernetes tests: images only where there is a cluster to run them. */
export default async function setup(project: TestProject): Promise<void> {
  if (project.getProvidedContext().missing.kubernetes === undefined) await buildImages(project);
}
