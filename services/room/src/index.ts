/** Accounts, sessions, rooms, memberships and invitations. */
import { mongoMigrations } from './room.migrations.mongo.ts';
import { sqliteMigrations } from './room.migrations.sqlite.ts';

export { RoomModule } from './room.module.ts';

/** The schema of the room service's data, under the component's name `room`. */
export const roomMigrations = { mongo: mongoMigrations, sqlite: sqliteMigrations };
