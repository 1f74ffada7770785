import { migrateMongo, mongoMigrationOptions, readConfig } from '@parley/platform';
import { createConnection } from 'mongoose';
import { messageMigrations } from './migrations.ts';

async function migrate(): Promise<void> {
  const { mongoUrl } = readConfig('message');
  const connection = await createConnection(mongoUrl, mongoMigrationOptions()).asPromise();
  try {
    await migrateMongo(connection, 'message', messageMigrations.mongo);
  } finally {
    await connection.close();
  }
}

process.title = 'parley-message-migrate';
try {
  await migrate();
} catch (error) {
  process.stderr.write(`The migration failed. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
