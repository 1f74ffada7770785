import { runMigration } from '@parley/platform';
import { messageMigrations } from './migrations.ts';

await runMigration('message', messageMigrations.mongo);
