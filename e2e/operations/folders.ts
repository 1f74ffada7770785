import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startEmbedded, type EmbeddedParley } from '../harness/parley.ts';

/** A folder of the running test's own. */
export async function folderForTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-operations-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Without limits of commands, over that data folder. */
export async function parleyIn(dataDir: string): Promise<EmbeddedParley> {
  const parley = await startEmbedded({
    env: { PARLEY_DATA_DIR: dataDir, PARLEY_LIMIT_COMMANDS_PER_SECOND: '0', PARLEY_LIMIT_COMMANDS_BURST: '0' },
  });
  onTestFinished(() => parley.stop());
  return parley;
}
