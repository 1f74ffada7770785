import { migrateMongo, mongoMigrationOptions, readConfig } from '@parley/platform';
import { createConnection } from 'mongoose';
import { mongoMigrations } from './room.migrations.mongo.ts';

async function migrate(): Promise<void> {
  const { mongoUrl } = readConfig('room');
  const connection = await createConnection(mongoUrl, mongoMigrationOptions()).asPromise();
  try {
    await migrateMongo(connection, 'room', mongoMigrations);
  } finally {
    await connection.close();
  }
}

process.title = 'parley-room-migrate';
try {
  await migrate();
} catch (error) {
  process.stderr.write(`The migration failed. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
