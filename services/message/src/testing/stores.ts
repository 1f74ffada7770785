import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateMongo, migrateSqlite, mongoConnectionOptions, openSqlite, type SqliteDatabase } from '@parley/platform';
import { createConnection, type Connection } from 'mongoose';
import { messageMigrations } from '../migrations.ts';
import { mongoStorage } from '../storage/storage.mongo.ts';
import { sqliteStorage } from '../storage/storage.sqlite.ts';
import type { MessageStorage } from '../storage/storage.ts';
import { mongoRoomRecords, sqliteRoomRecords, type RoomRecords } from './room-records.ts';

/** A new database with everything that the message service reads and writes. */
export interface Store extends MessageStorage {
  readonly rooms: RoomRecords;
  close(): Promise<void>;
}

export async function openSqliteStore(): Promise<Store & { readonly database: SqliteDatabase }> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-message-'));
  const database = await openSqlite(join(folder, 'parley.sqlite'));
  await migrateSqlite(database, 'message', messageMigrations.sqlite);
  return {
    ...sqliteStorage(database, join(folder, 'attachments')),
    database,
    rooms: await sqliteRoomRecords(database),
    async close() {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A second store with the same `databaseUrl` stands for a second replica of the service. */
export async function openMongoStore(databaseUrl: string): Promise<Store & { readonly connection: Connection }> {
  const options = { ...mongoConnectionOptions(), monitorCommands: true };
  const connection = await createConnection(databaseUrl, options).asPromise();
  await migrateMongo(connection, 'message', messageMigrations.mongo);
  return {
    ...mongoStorage(connection),
    connection,
    rooms: await mongoRoomRecords(connection),
    close: () => connection.close(),
  };
}
