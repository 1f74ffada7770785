import { previousRelease } from '../harness/previous-release.ts';

/** vitest's globalSetup for tests beside the previous release: builds it before the first of them starts. */
export default async function setup(): Promise<void> {
  await previousRelease();
}
