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
 * Copies a data folder, also while Parley works with it, into a new folder, and verifies the copy. Until it is whole it
 * stands under another name. Rejects, saying what to do, when the target is there already or the copy has a fault.
 */
export async function backUp(dataFolder: string, target: string): Promise<Verification> {
  if (!existsSync(join(dataFolder, DATA_FOLDER.database))) {
    throw new Error(`There is no data in ${dataFolder}: set PARLEY_DATA_DIR to the data folder of a Parley.`);
  }
  if (await isFilled(target)) throw new Error(`${target} is there already: name a new folder.`);
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  // Images first, while most of them are there; then the database as it is at one moment; then the images that came in
  // between. What a message has is collected a day after it is let go of, at the earliest: so it is still there then.
  await copyAttachments(dataFolder, partial, attachmentIdsIn(dataFolder));
  copyDatabase(dataFolder, partial);
  await copyAttachments(dataFolder, partial, attachmentIdsIn(partial));
  const data = openSqliteData(partial);
  const verification = await verify(data).finally(() => data.close());
  await removeTraces(partial);
  await syncTree(partial);
  await rm(target, { recursive: true, force: true });
  await rename(partial, target);
  await sync(dirname(target));
  return verification;
}

async function isFilled(folder: string): Promise<boolean> {
  return existsSync(folder) && (await readdir(folder)).length > 0;
}

/** As it is at one moment, without its write-ahead log, in a file of its own. */
function copyDatabase(from: string, to: string): void {
  const database = new DatabaseSync(join(from, DATA_FOLDER.database), { readOnly: true, timeout: 5_000 });
  try {
    database.prepare('VACUUM INTO ?').run(join(to, DATA_FOLDER.database));
  } finally {
    database.close();
  }
  // A backup is a data folder, too.
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

/** Those that are there and not yet copied: an upload under way has no bytes yet, and is not missed. */
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

/** What SQLite leaves beside a file that it has looked at. */
async function removeTraces(folder: string): Promise<void> {
  for (const suffix of ['-wal', '-shm']) await rm(join(folder, `${DATA_FOLDER.database}${suffix}`), { force: true });
}
