import { existsSync, statSync } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

export interface FolderLock {
  /** Unlocks the folder. The end of the process does so too, also after a crash. */
  release(): void;
}

/** Another process uses the folder. */
export class FolderLockedError extends Error {
  constructor(folder: string) {
    super(
      `The data folder ${folder} is in use by another Parley: stop that one, or set PARLEY_DATA_DIR to another folder.`,
    );
    this.name = 'FolderLockedError';
  }
}

/** The folder cannot be created or written to. */
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
 * Creates the folder if it does not exist and locks it for this process. The lock is SQLite's lock on a file, which the
 * operating system releases with the process, so none is left after a crash.
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

/** Not mkdir's `recursive`: it retries without end in a folder that refuses children with ENOENT, such as /proc. */
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
