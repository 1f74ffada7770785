import { createConnection } from 'mongoose';
import type { Config } from '../config/settings.ts';
import { mongoMigrationOptions } from './connection.ts';
import { initiateReplicaSet } from './initiate.ts';
import { migrateMongo, type MongoMigration } from './migrate.ts';

/** The work of a migration process: it initiates the replica set if configured, then migrates the component. */
export async function runMongoMigration(
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
