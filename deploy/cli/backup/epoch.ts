import { randomInt } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

/**
 * Marks a database file as other than the one that it was copied from: where Parley serves it, browsers forget what they
 * know of the rooms, which may have gone on elsewhere. Stands in the file's header, which no migration touches.
 */
export function renewEpoch(file: string): void {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    database.exec(`PRAGMA user_version = ${randomInt(1, 2 ** 31 - 1)}`);
  } finally {
    database.close();
  }
}
