import { mongoMigrations as mongo } from './migrations.mongo.ts';
import { sqliteMigrations as sqlite } from './migrations.sqlite.ts';

/** The schema of the room service's data, under the component's name `room`. */
export const roomMigrations = { mongo, sqlite };
