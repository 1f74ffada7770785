import { Inject, Injectable } from '@nestjs/common';
import { SQLITE_DATABASE, SqliteConstraintError, type SqliteDatabase } from '@parley/platform';
import { LIMITS, type RoomId, type UserId } from '@parley/protocol';
import type { NewRoom, RenameOutcome, RoomRename, RoomRecord, RoomRepository } from './room.repository.ts';

@Injectable()
export class SqliteRoomRepository implements RoomRepository {
  readonly #database: SqliteDatabase;

  constructor(@Inject(SQLITE_DATABASE) database: SqliteDatabase) {
    this.#database = database;
  }

  async insert({ roomId, name, creatorId, memberIds, createdAt }: NewRoom): Promise<boolean> {
    const first = JSON.stringify(memberIds.slice(0, LIMITS.membersInRoom));
    const all = JSON.stringify(memberIds);
    try {
      await this.#database.write([
        {
          sql: `INSERT INTO rooms (room_id, name, creator_id, first_member_ids,
                                   initial_member_count, member_count, change_count, created_at)
                VALUES (:roomId, :name, :creatorId, :first, :count, :count, :count, :createdAt)`,
          params: { roomId, name, creatorId, first, count: memberIds.length, createdAt },
        },
        {
          sql: `INSERT INTO memberships (room_id, user_id, join_order, read_seq, read_count, role)
                SELECT :roomId, value, key + 1, 0, 0, iif(value = :creatorId, 'owner', 'member') FROM json_each(:all)`,
          params: { roomId, creatorId, all },
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

  async rename({ roomId, name, userId, entryId, at }: RoomRename): Promise<RenameOutcome> {
    const [announced] = await this.#database.write([
      {
        sql: `INSERT INTO membership_announcements (room_id, change_number, entry_id, event, user_id, made_at, data)
              SELECT room_id, change_count + 1, :entryId, 'room_renamed', :userId, :at, json_object('name', :name)
              FROM rooms WHERE room_id = :roomId AND name IS NOT :name AND NOT EXISTS (
                SELECT 1 FROM membership_announcements AS waiting
                WHERE waiting.room_id = :roomId AND waiting.event = 'room_renamed')`,
        params: { roomId, name, userId, entryId, at },
      },
      {
        sql: `UPDATE rooms SET name = :name, change_count = change_count + 1
              WHERE room_id = :roomId AND EXISTS (
                SELECT 1 FROM membership_announcements WHERE room_id = :roomId AND entry_id = :entryId)`,
        params: { roomId, name, entryId },
      },
    ]);
    if (announced?.changes === 1) return 'renamed';
    const waiting = await this.#database.read(
      `SELECT 1 FROM membership_announcements WHERE room_id = ? AND event = 'room_renamed' LIMIT 1`,
      [roomId],
    );
    return waiting.length > 0 ? 'waiting' : 'unchanged';
  }

  async find(roomIds: readonly RoomId[]): Promise<readonly RoomRecord[]> {
    const rows = await this.#database.read<Omit<RoomRecord, 'firstMemberIds'> & { firstMemberIds: string }>(
      `SELECT room_id AS roomId, name, creator_id AS creatorId, first_member_ids AS firstMemberIds,
              initial_member_count AS initialMemberCount, member_count AS memberCount, created_at AS createdAt
       FROM rooms WHERE room_id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(roomIds)],
    );
    return rows.map((row) => ({ ...row, firstMemberIds: JSON.parse(row.firstMemberIds) as UserId[] }));
  }

  /** A field of the file's header that `npm run restore` sets; 0 before. */
  async findEpoch(): Promise<string | undefined> {
    const [header] = await this.#database.read<{ epoch: number }>(
      'SELECT user_version AS epoch FROM pragma_user_version',
    );
    return header && String(header.epoch);
  }
}
