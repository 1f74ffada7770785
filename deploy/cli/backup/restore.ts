import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DATA_FOLDER, lockFolder } from '@parley/platform';
import { openSqliteData } from '../verify/stored-data.sqlite.ts';
import { verify, type Verification } from '../verify/verify.ts';
import { copyDurably, sync, syncTree } from './durable-copy.ts';
import { renewEpoch } from './epoch.ts';

/**
 * Puts a backup into a data folder that holds no data yet, the database last: broken off, it can be done again. Rejects,
 * saying what to do, when the backup is none or has a fault, and when the folder is in use or has data.
 */
export async function restore(backup: string, dataFolder: string): Promise<Verification> {
  const data = openSqliteData(backup);
  const verification = await verify(data).finally(() => data.close());
  const lock = await lockFolder(dataFolder);
  try {
    const database = join(dataFolder, DATA_FOLDER.database);
    if (existsSync(database)) {
      throw new Error(`There is data in ${dataFolder} already: move it away first, or name another folder.`);
    }
    // Left by a database that is not there any more, they would be taken for a part of this one.
    for (const file of [database, `${database}.part`]) {
      for (const suffix of ['-wal', '-shm', '-journal']) await rm(`${file}${suffix}`, { force: true });
    }
    const attachments = join(backup, DATA_FOLDER.attachments);
    if (existsSync(attachments)) {
      await cp(attachments, join(dataFolder, DATA_FOLDER.attachments), { recursive: true });
      await syncTree(join(dataFolder, DATA_FOLDER.attachments));
    }
    await copyDurably(join(backup, DATA_FOLDER.database), database, renewEpoch);
    await sync(dataFolder);
    return verification;
  } finally {
    lock.release();
  }
}
