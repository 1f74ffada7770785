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

const BATCH_SIZE = 1_000;

/**
 * Copies the data of an embedded Parley into an empty MongoDB, and compares the two. The next call continues an interrupted
 * copy. Rejects, with a remedy, when a Parley uses the folder, when the database holds other data, and when the copy
 * differs.
 */
export async function migrateData({ from, to }: MigrationArguments, log: (line: string) => void): Promise<void> {
  if (!existsSync(join(from, DATA_FOLDER.database))) {
    throw new Error(`There is no data in ${from}: give the data folder of a Parley.`);
  }
  const lock = await lockFolder(from);
  try {
    await migrateToThisRelease(from);
    const source = new Source(from);
    const target = await Target.open(to);
    try {
      await copyAndCompare(source, target, log);
    } finally {
      source.close();
      await target.close();
    }
  } finally {
    lock.release();
  }
}

/** Migrates the data folder to the schema of this release, as starting Parley would. */
async function migrateToThisRelease(folder: string): Promise<void> {
  const database = await openSqlite(join(folder, DATA_FOLDER.database));
  try {
    await migrateSqlite(database, 'room', roomMigrations.sqlite);
    await migrateSqlite(database, 'message', messageMigrations.sqlite);
  } finally {
    await database.close();
  }
}

async function copyAndCompare(source: Source, target: Target, log: (line: string) => void): Promise<void> {
  const expected = await checksumsOf(source);
  await target.prepare();
  await beginOrContinue(target, fingerprintOf(expected), log);
  const progress = await target.progress();
  for (const collection of STORED_COLLECTIONS) {
    let after = progress?.copied[collection.name];
    for (;;) {
      const records = source.read(collection, after, BATCH_SIZE);
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
  await compare(expected, target, log);
  await target.finish();
}

async function beginOrContinue(target: Target, fingerprint: string, log: (line: string) => void): Promise<void> {
  const progress = await target.progress();
  if (progress === null) {
    if (!(await target.isEmpty(STORED_COLLECTIONS))) {
      throw new Error('That database already holds data: give the name of a new one.');
    }
    return target.begin(fingerprint);
  }
  if (progress.finished) {
    throw new Error('An earlier copy into that database is complete, and a Parley may have written to it since.');
  }
  if (progress.fingerprint !== fingerprint) {
    throw new Error('That database holds an interrupted copy of other data: drop it, or give another name.');
  }
  log('Continuing an interrupted copy.');
}

async function compare(
  expected: Readonly<Record<string, Checksum>>,
  target: Target,
  log: (line: string) => void,
): Promise<void> {
  const differing: string[] = [];
  const compareOne = (name: string, copy: Checksum): void => {
    const same = copy.count === expected[name]?.count && copy.digest === expected[name].digest;
    log(`${name}: ${copy.count} of ${expected[name]?.count ?? 0}, ${same ? 'the same' : 'DIFFERENT'}`);
    if (!same) differing.push(name);
  };
  for (const collection of STORED_COLLECTIONS) compareOne(collection.name, await target.checksumOf(collection));
  compareOne(FILES, await target.checksumOfFiles());
  if (differing.length > 0) {
    throw new Error(`The copy differs in ${differing.join(', ')}: drop that database and run the command again.`);
  }
}

const fingerprintOf = (sums: Readonly<Record<string, Checksum>>): string =>
  createHash('sha256').update(JSON.stringify(sums)).digest('hex');
