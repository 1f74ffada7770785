import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageMigrations } from '@parley/message';
import { DATA_FOLDER, lockFolder, migrateSqlite, openSqlite } from '@parley/platform';
import { roomMigrations } from '@parley/room';
import { STORED_COLLECTIONS } from '../stored/collections.ts';
import type { MigrationArguments } from './arguments.ts';
import type { Checksum } from './checksum.ts';
import { checksumsOf, FILES, Source } from './source.ts';
import { Target } from './target.ts';

const RECORDS_AT_A_TIME = 1_000;

/**
 * Copies all that an embedded Parley stored into an empty MongoDB, and compares the two. Broken off at any moment, it
 * goes on with the next call. Rejects, saying what to do, when a Parley works with the folder, when the database holds
 * anything else, and when the copy is not the same.
 */
export async function migrateData({ from, to }: MigrationArguments, say: (line: string) => void): Promise<void> {
  if (!existsSync(join(from, DATA_FOLDER.database))) {
    throw new Error(`There is no data in ${from}: name the data folder of a Parley.`);
  }
  const lock = await lockFolder(from);
  try {
    await bringToThisRelease(from);
    const source = new Source(from);
    const target = await Target.open(to);
    try {
      await copyAndCompare(source, target, say);
    } finally {
      source.close();
      await target.close();
    }
  } finally {
    lock.release();
  }
}

/** As starting Parley on it would. */
async function bringToThisRelease(folder: string): Promise<void> {
  const database = await openSqlite(join(folder, DATA_FOLDER.database));
  try {
    await migrateSqlite(database, 'room', roomMigrations.sqlite);
    await migrateSqlite(database, 'message', messageMigrations.sqlite);
  } finally {
    await database.close();
  }
}

async function copyAndCompare(source: Source, target: Target, say: (line: string) => void): Promise<void> {
  const expected = await checksumsOf(source);
  await target.prepare();
  await beginOrGoOn(target, fingerprintOf(expected), say);
  const progress = await target.progress();
  for (const collection of STORED_COLLECTIONS) {
    let after = progress?.copied[collection.name];
    for (;;) {
      const records = source.read(collection, after, RECORDS_AT_A_TIME);
      after = records.at(-1)?.key;
      if (after === undefined) break;
      await target.write(
        collection,
        records.map(({ document }) => document),
      );
      await target.noteCopied(collection.name, after);
    }
  }
  for (const file of source.files()) await target.writeFile(file);
  await compare(expected, target, say);
  await target.finish();
}

async function beginOrGoOn(target: Target, fingerprint: string, say: (line: string) => void): Promise<void> {
  const progress = await target.progress();
  if (progress === null) {
    if (!(await target.isEmpty(STORED_COLLECTIONS))) {
      throw new Error('There is data in that database already: name one that is not there yet.');
    }
    return target.begin(fingerprint);
  }
  if (progress.finished) {
    throw new Error('A copy into that database was finished before, and a Parley may have written there since.');
  }
  if (progress.fingerprint !== fingerprint) {
    throw new Error('A copy of other data was begun in that database: drop it, or name another one.');
  }
  say('Going on where the copy was broken off.');
}

async function compare(
  expected: Readonly<Record<string, Checksum>>,
  target: Target,
  say: (line: string) => void,
): Promise<void> {
  const differing: string[] = [];
  const judge = (name: string, copy: Checksum): void => {
    const same = copy.count === expected[name]?.count && copy.digest === expected[name].digest;
    say(`${name}: ${copy.count} of ${expected[name]?.count ?? 0}, ${same ? 'the same' : 'DIFFERENT'}`);
    if (!same) differing.push(name);
  };
  for (const collection of STORED_COLLECTIONS) judge(collection.name, await target.checksumOf(collection));
  judge(FILES, await target.checksumOfFiles());
  if (differing.length > 0) {
    throw new Error(`The copy is not the same in ${differing.join(', ')}: drop that database and begin again.`);
  }
}

const fingerprintOf = (sums: Readonly<Record<string, Checksum>>): string =>
  createHash('sha256').update(JSON.stringify(sums)).digest('hex');
