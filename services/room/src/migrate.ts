import { readConfig, runMongoMigration } from '@parley/platform';
import { mongoMigrations } from './room.migrations.mongo.ts';

process.title = 'parley-room-migrate';

try {
  await runMongoMigration(readConfig('migrate'), 'room', mongoMigrations);
} catch (error) {
  process.stderr.write(`The migration failed. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
