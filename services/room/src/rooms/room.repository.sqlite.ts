import { Inject, Injectable } from '@nestjs/common';
import { SqliteConstraintError, type SqliteDatabase } from '@parley/platform';
import { LIMITS, type RoomId, type UserId } from '@parley/protocol';
import { SQLITE_DATABASE } from '../sqlite-database.ts';
import { RoomRepository, type NewRoom, type RoomRecord } from './room.repository.ts';

@Injectable()
export class SqliteRoomRepository extends RoomRepository {
  constructor(@Inject(SQLITE_DATABASE) private readonly database: SqliteDatabase) {
    super();
  }

  async insert({ roomId, name, creatorId, memberIds, createdAt }: NewRoom): Promise<boolean> {
    const first = JSON.stringify(memberIds.slice(0, LIMITS.membersInRoom));
    const all = JSON.stringify(memberIds);
    try {
      await this.database.write([
        {
          sql: `INSERT INTO rooms (room_id, name, creator_id, first_member_ids,
                                   initial_member_count, member_count, change_count, created_at)
                VALUES (:roomId, :name, :creatorId, :first, :count, :count, :count, :createdAt)`,
          params: { roomId, name, creatorId, first, count: memberIds.length, createdAt },
        },
        {
          sql: `INSERT INTO memberships (room_id, user_id, join_order, read_seq, read_count)
                SELECT ?, value, key + 1, 0, 0 FROM json_each(?)`,
          params: [roomId, all],
        },
        {
          sql: `UPDATE users SET rooms_version = rooms_version + 1
                WHERE user_id IN (SELECT value FROM json_each(?))`,
          params: [all],
        },
      ]);
      return true;
    } catch (error) {
      if (error instanceof SqliteConstraintError && error.constraint === 'rooms.room_id') return false;
      throw error;
    }
  }

  async find(roomIds: readonly RoomId[]): Promise<readonly RoomRecord[]> {
    const rows = await this.database.read<Omit<RoomRecord, 'firstMemberIds'> & { firstMemberIds: string }>(
      `SELECT room_id AS roomId, name, creator_id AS creatorId, first_member_ids AS firstMemberIds,
              initial_member_count AS initialMemberCount, member_count AS memberCount, created_at AS createdAt
       FROM rooms WHERE room_id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(roomIds)],
    );
    return rows.map((row) => ({ ...row, firstMemberIds: JSON.parse(row.firstMemberIds) as UserId[] }));
  }
}
