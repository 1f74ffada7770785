import { Inject, Injectable } from '@nestjs/common';
import { SQLITE_DATABASE, type SqliteDatabase } from '@parley/platform';
import type { RoomId, UserId } from '@parley/protocol';
import type { Contact, ContactRepository } from './contact.repository.ts';

@Injectable()
export class SqliteContactRepository implements ContactRepository {
  readonly #database: SqliteDatabase;

  constructor(@Inject(SQLITE_DATABASE) database: SqliteDatabase) {
    this.#database = database;
  }

  find(userId: UserId, userIds: readonly UserId[]): Promise<readonly Contact[]> {
    return this.#database.read<Contact>(
      `SELECT user_id AS userId, last_seen_at AS lastSeenAt FROM users
       WHERE user_id IN (SELECT value FROM json_each(:userIds)) AND EXISTS (
         SELECT 1 FROM memberships AS theirs JOIN memberships AS own ON own.room_id = theirs.room_id
         WHERE theirs.user_id = users.user_id AND own.user_id = :userId)`,
      { userId, userIds: JSON.stringify(userIds) },
    );
  }

  findRooms(userIds: readonly UserId[], maxMembers: number): Promise<readonly { userId: UserId; roomId: RoomId }[]> {
    return this.#database.read<{ userId: UserId; roomId: RoomId }>(
      `SELECT user_id AS userId, room_id AS roomId FROM memberships JOIN rooms USING (room_id)
       WHERE user_id IN (SELECT value FROM json_each(?)) AND member_count <= ?`,
      [JSON.stringify(userIds), maxMembers],
    );
  }

  async noteSeen(users: readonly { userId: UserId; at: number }[]): Promise<void> {
    await this.#database.write([
      {
        sql: `UPDATE users SET last_seen_at = max(coalesce(last_seen_at, 0), seen.value ->> 'at')
              FROM json_each(?) AS seen WHERE user_id = seen.value ->> 'userId'`,
        params: [JSON.stringify(users)],
      },
    ]);
  }
}
