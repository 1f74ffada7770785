import { previousRelease } from '../harness/previous-release.ts';

/** vitest's globalSetup of the tests beside the release before: it is built before any of them waits for it. */
export default async function setup(): Promise<void> {
  await previousRelease();
}
