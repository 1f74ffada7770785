import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { attachmentPath, VARIANTS } from '@parley/message';
import { DATA_FOLDER } from '@parley/platform';
import type { AttachmentId } from '@parley/protocol';
import { openSqliteData } from '../verify/stored-data.sqlite.ts';
import { verify, type Verification } from '../verify/verify.ts';
import { copyDurably, sync, syncTree } from './durable-copy.ts';
import { renewEpoch } from './epoch.ts';

/**
 * Copies a data folder, also of a running Parley, into a new folder, and verifies the copy. The folder gets its name when
 * it is complete. Rejects, with a remedy, when the target exists.
 */
export async function backUp(dataFolder: string, target: string): Promise<Verification> {
  if (!existsSync(join(dataFolder, DATA_FOLDER.database))) {
    throw new Error(`There is no data in ${dataFolder}: set PARLEY_DATA_DIR to the data folder of a Parley.`);
  }
  if (await isFilled(target)) throw new Error(`${target} exists already: give the name of a new folder.`);
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  // Images first, then a snapshot of the database, then the images uploaded since. Unused images are collected after a
  // day at the earliest, so the images of the snapshot still exist.
  await copyAttachments(dataFolder, partial, attachmentIdsIn(dataFolder));
  copyDatabase(dataFolder, partial);
  await copyAttachments(dataFolder, partial, attachmentIdsIn(partial));
  const data = openSqliteData(partial);
  const verification = await verify(data).finally(() => data.close());
  await removeSqliteFiles(partial);
  await syncTree(partial);
  await rm(target, { recursive: true, force: true });
  await rename(partial, target);
  await sync(dirname(target));
  return verification;
}

async function isFilled(folder: string): Promise<boolean> {
  return existsSync(folder) && (await readdir(folder)).length > 0;
}

/** Writes a snapshot without a write-ahead log. */
function copyDatabase(from: string, to: string): void {
  const database = new DatabaseSync(join(from, DATA_FOLDER.database), { readOnly: true, timeout: 5_000 });
  try {
    database.prepare('VACUUM INTO ?').run(join(to, DATA_FOLDER.database));
  } finally {
    database.close();
  }
  // Parley may be started on a backup.
  renewEpoch(join(to, DATA_FOLDER.database));
}

function attachmentIdsIn(folder: string): AttachmentId[] {
  const database = new DatabaseSync(join(folder, DATA_FOLDER.database), { readOnly: true, timeout: 5_000 });
  try {
    const rows = database.prepare('SELECT attachment_id AS attachmentId FROM attachments').all();
    return rows.map(({ attachmentId }) => attachmentId as AttachmentId);
  } finally {
    database.close();
  }
}

/** Copies the existing images that are not copied yet: an upload in progress has no bytes yet. */
async function copyAttachments(from: string, to: string, attachmentIds: readonly AttachmentId[]): Promise<void> {
  for (const attachmentId of attachmentIds) {
    for (const variant of VARIANTS) {
      const source = attachmentPath(join(from, DATA_FOLDER.attachments), attachmentId, variant);
      const copy = attachmentPath(join(to, DATA_FOLDER.attachments), attachmentId, variant);
      if (existsSync(copy)) continue;
      try {
        await copyDurably(source, copy);
      } catch (error) {
        if (!existsSync(source)) continue;
        throw error;
      }
    }
  }
}

/** Removes the files that SQLite leaves beside a database after reading it. */
async function removeSqliteFiles(folder: string): Promise<void> {
  for (const suffix of ['-wal', '-shm']) await rm(join(folder, `${DATA_FOLDER.database}${suffix}`), { force: true });
}
