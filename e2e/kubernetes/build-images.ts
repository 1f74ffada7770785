import type { TestProject } from 'vitest/node';
import buildImages from '../containers/build-images.ts';

/** vitest's globalSetup of the Kubernetes tests: images only where there is a cluster to run them. */
export default function setup(project: TestProject): void {
  if (project.getProvidedContext().missing.kubernetes === undefined) buildImages(project);
}
