import { SHARED_COLLECTIONS, type StoredUserName } from '@parley/contracts';
import type { SqliteDatabase } from '@parley/platform';
import type { RoomId, UserId } from '@parley/protocol';
import type { MembersReader } from './members.reader.ts';

const { users, memberships } = SHARED_COLLECTIONS;

export class SqliteMembersReader implements MembersReader {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async findMembers(roomId: RoomId, userIds: readonly UserId[]) {
    const rows = await this.#database.read<{ userId: UserId }>(
      `SELECT user_id AS userId FROM ${memberships}
       WHERE room_id = ? AND user_id IN (SELECT value FROM json_each(?))`,
      [roomId, JSON.stringify(userIds)],
    );
    return new Set(rows.map(({ userId }) => userId));
  }

  async findRoomIds(userId: UserId) {
    const rows = await this.#database.read<{ roomId: RoomId }>(
      `SELECT room_id AS roomId FROM ${memberships} WHERE user_id = ?`,
      [userId],
    );
    return rows.map(({ roomId }) => roomId);
  }

  async findUsers(userIds: readonly UserId[]) {
    const rows = await this.#database.read<StoredUserName>(
      `SELECT user_id AS userId, display_name AS displayName FROM ${users}
       WHERE user_id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(userIds)],
    );
    return new Map(rows.map(({ userId, displayName }) => [userId, { userId, displayName }]));
  }
}
