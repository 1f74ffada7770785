/** Accounts, sessions, rooms, memberships and invitations. */
import { mongoMigrations } from './room.migrations.mongo.ts';
import { sqliteMigrations } from './room.migrations.sqlite.ts';

export { RoomModule } from './room.module.ts';

/** Migrations of the component `room`, by store. */
export const roomMigrations = { mongo: mongoMigrations, sqlite: sqliteMigrations };
