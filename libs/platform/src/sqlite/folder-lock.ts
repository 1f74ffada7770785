import { existsSync, statSync } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

export interface FolderLock {
  /** Gives the folder free. The end of the process does so too, however it ends. */
  release(): void;
}

/** Another process works with the folder. */
export class FolderLockedError extends Error {
  constructor(folder: string) {
    super(
      `The data folder ${folder} is in use by another Parley: stop that one, or set PARLEY_DATA_DIR to another folder.`,
    );
    this.name = 'FolderLockedError';
  }
}

/** The folder cannot be made or written to. */
export class FolderUnusableError extends Error {
  constructor(folder: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The data folder ${folder} cannot be written to (${reason}): give this user the right to, or set PARLEY_DATA_DIR to another folder.`,
      { cause },
    );
    this.name = 'FolderUnusableError';
  }
}

/**
 * Makes the folder if need be and claims it for this process alone. SQLite's own file lock holds it: the operating system
 * drops that with the process, so nothing is left over after a crash.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const database = await openLockFile(folder);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) throw new FolderLockedError(folder);
    throw new FolderUnusableError(folder, error);
  }
  return { release: () => database.close() };
}

async function openLockFile(folder: string): Promise<DatabaseSync> {
  try {
    await makeFolder(resolve(folder));
    await access(folder, constants.W_OK);
    return new DatabaseSync(join(folder, 'parley.lock'));
  } catch (error) {
    throw new FolderUnusableError(folder, error);
  }
}

/** Not mkdir's own `recursive`: where a folder refuses children with ENOENT, as /proc does, that tries for ever. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST' && statSync(folder).isDirectory()) return;
    if (code !== 'ENOENT' || existsSync(dirname(folder))) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder, { mode: 0o700 });
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && Number(error.errcode) === SQLITE_BUSY;
