import { randomInt } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

/**
 * Gives a copied database a new epoch, so that browsers discard their cached rooms, which may be ahead of the copy. The
 * epoch is in the header of the file, which migrations do not change.
 */
export function renewEpoch(file: string): void {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    database.exec(`PRAGMA user_version = ${randomInt(1, 2 ** 31 - 1)}`);
  } finally {
    database.close();
  }
}
