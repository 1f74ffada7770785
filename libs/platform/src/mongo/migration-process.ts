import { createConnection } from 'mongoose';
import { readConfig } from '../config/config.ts';
import type { Config } from '../config/settings.ts';
import { mongoMigrationOptions } from './connection.ts';
import { initiateReplicaSet } from './initiate.ts';
import { migrateMongo, type MongoMigration } from './migrate.ts';

/** The main program of a migration. One that fails ends with status 1 and one sentence on standard error. */
export async function runMigration(component: string, migrations: readonly MongoMigration[]): Promise<void> {
  process.title = `parley-${component}-migrate`;
  try {
    await prepareDatabase(readConfig('migrate'), component, migrations);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The migration failed. ${reason}\n`);
    process.exitCode = 1;
  }
}

/** Initiates the replica set if configured, then migrates the component. */
export async function prepareDatabase(
  { mongoUrl, mongoInitiate }: Config<'migrate'>,
  component: string,
  migrations: readonly MongoMigration[],
): Promise<void> {
  if (mongoInitiate) await initiateReplicaSet(mongoUrl);
  const connection = await createConnection(mongoUrl, mongoMigrationOptions()).asPromise();
  try {
    await migrateMongo(connection, component, migrations);
  } finally {
    await connection.close();
  }
}
