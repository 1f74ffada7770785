import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderLockedError, FolderUnusableError, lockFolder } from './folder-lock.ts';

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'parley-lock-'));
  folder = join(parent, 'data');
});

afterEach(() => rm(parent, { recursive: true }));

/** A process that locks the folder until it is killed. */
async function holdElsewhere(): Promise<{ kill(): Promise<void> }> {
  const script = `
    import { lockFolder } from ${JSON.stringify(new URL('./folder-lock.ts', import.meta.url).href)};
    globalThis.lock = await lockFolder(${JSON.stringify(folder)});
    process.stdout.write('locked');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  return {
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

test('creates a folder and locks it for one process at a time', async () => {
  const lock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(FolderLockedError);
  lock.release();
  (await lockFolder(folder)).release();
});

test('rejects a folder that another process has locked, with what to do, until that process dies', async () => {
  const other = await holdElsewhere();
  await expect(lockFolder(folder)).rejects.toThrow(
    `The data folder ${folder} is in use by another Parley: stop that one, or set PARLEY_DATA_DIR to another folder.`,
  );
  await other.kill();
  (await lockFolder(folder)).release();
});

test('rejects a folder that cannot be created, with the reason and what to do', async () => {
  await writeFile(folder, 'a file in its place');
  const refused = await lockFolder(folder).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(FolderUnusableError);
  expect(String(refused)).toMatch(
    /cannot be written to \(EEXIST.*\): give this user the right to, or set PARLEY_DATA_DIR/,
  );
});

test.runIf(existsSync('/proc/self'))(
  'rejects a folder in a place that allows no folders, without retrying',
  async () => {
    await expect(lockFolder('/proc/parley/data')).rejects.toThrow(FolderUnusableError);
  },
);
