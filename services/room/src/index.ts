/** Accounts, sessions, rooms, memberships, read positions and invitations. */
export { roomMigrations } from './migrations.ts';
export { RoomModule } from './room.module.ts';
