import { uuidv7, type SqliteDatabase } from '@parley/platform';
import type { MessageId, RoomId, User, UserId } from '@parley/protocol';
import type { Connection } from 'mongoose';

export const newRoomId = (): RoomId => uuidv7() as RoomId;
export const newMessageId = (): MessageId => uuidv7() as MessageId;
export const newUser = (displayName: string): User => ({ userId: uuidv7() as UserId, displayName });

/** The room service's users and members, for tests without that service. */
export interface RoomRecords {
  addUsers(...users: readonly User[]): Promise<void>;
  addMembers(roomId: RoomId, ...users: readonly User[]): Promise<void>;
  removeMember(roomId: RoomId, user: User): Promise<void>;
}

export async function mongoRoomRecords(connection: Connection): Promise<RoomRecords> {
  const users = connection.collection<User>('users');
  const memberships = connection.collection<{ roomId: RoomId; userId: UserId }>('memberships');
  await users.createIndex({ userId: 1 }, { unique: true });
  await memberships.createIndex({ roomId: 1, userId: 1 }, { unique: true });
  return {
    async addUsers(...added) {
      await users.insertMany(added.map((user) => ({ ...user })));
    },
    async addMembers(roomId, ...added) {
      if (added.length > 0) await memberships.insertMany(added.map(({ userId }) => ({ roomId, userId })));
    },
    async removeMember(roomId, { userId }) {
      await memberships.deleteOne({ roomId, userId });
    },
  };
}

export async function sqliteRoomRecords(database: SqliteDatabase): Promise<RoomRecords> {
  await database.write([
    { sql: 'CREATE TABLE users (user_id TEXT PRIMARY KEY, display_name TEXT NOT NULL) STRICT' },
    { sql: 'CREATE TABLE memberships (room_id TEXT, user_id TEXT, PRIMARY KEY (room_id, user_id)) STRICT' },
  ]);
  return {
    async addUsers(...added) {
      await database.write(
        added.map(({ userId, displayName }) => ({
          sql: 'INSERT INTO users VALUES (?, ?)',
          params: [userId, displayName],
        })),
      );
    },
    async addMembers(roomId, ...added) {
      await database.write(
        added.map(({ userId }) => ({ sql: 'INSERT INTO memberships VALUES (?, ?)', params: [roomId, userId] })),
      );
    },
    async removeMember(roomId, { userId }) {
      await database.write([
        { sql: 'DELETE FROM memberships WHERE room_id = ? AND user_id = ?', params: [roomId, userId] },
      ]);
    },
  };
}
