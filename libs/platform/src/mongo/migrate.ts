import type { Connection, mongo } from 'mongoose';
import { latestVersion, pendingMigrations, SchemaTooOldError } from '../migrations.ts';

export interface MongoMigration {
  /** 1, 2, 3, … */
  readonly version: number;
  /** Creates collections and indexes. Idempotent: it may run again, or twice at once, before its version is stored. */
  up(db: mongo.Db): Promise<void>;
}

interface StoredVersion {
  readonly _id: string;
  readonly version: number;
}

/** Brings one component's collections to its latest version. Rejects with SchemaTooNewError, having changed nothing. */
export async function migrateMongo(
  connection: Connection,
  component: string,
  migrations: readonly MongoMigration[],
): Promise<void> {
  const db = database(connection);
  for (const migration of pendingMigrations(component, await storedVersion(db, component), migrations)) {
    await migration.up(db);
    await versions(db).updateOne({ _id: component }, { $max: { version: migration.version } }, { upsert: true });
  }
}

/** For the start of a service. Rejects with SchemaTooOldError or SchemaTooNewError, whose messages say what to do. */
export async function assertMongoSchema(
  connection: Connection,
  component: string,
  migrations: readonly MongoMigration[],
): Promise<void> {
  const stored = await storedVersion(database(connection), component);
  const pending = pendingMigrations(component, stored, migrations);
  if (pending.length > 0) throw new SchemaTooOldError(component, stored, latestVersion(migrations));
}

function database(connection: Connection): mongo.Db {
  if (!connection.db) throw new Error('Connect to MongoDB before reading its schema.');
  return connection.db;
}

const versions = (db: mongo.Db): mongo.Collection<StoredVersion> => db.collection<StoredVersion>('schema_versions');

async function storedVersion(db: mongo.Db, component: string): Promise<number> {
  const stored = await versions(db).findOne({ _id: component });
  return stored?.version ?? 0;
}
