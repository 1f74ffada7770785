import { readConfig, runMongoMigration } from '@parley/platform';
import { messageMigrations } from './migrations.ts';

process.title = 'parley-message-migrate';

try {
  await runMongoMigration(readConfig('migrate'), 'message', messageMigrations.mongo);
} catch (error) {
  process.stderr.write(`The migration failed. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
