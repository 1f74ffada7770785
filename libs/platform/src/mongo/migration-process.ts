import { createConnection } from 'mongoose';
import type { Config } from '../config/settings.ts';
import { mongoMigrationOptions } from './connection.ts';
import { initiateReplicaSet } from './initiate.ts';
import { migrateMongo, type MongoMigration } from './migrate.ts';

/** All that a migration process does: the replica set if it is asked for, then that component's collections. */
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
