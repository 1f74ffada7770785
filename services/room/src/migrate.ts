import { runMigration } from '@parley/platform';
import { roomMigrations } from './migrations.ts';

await runMigration('room', roomMigrations.mongo);
