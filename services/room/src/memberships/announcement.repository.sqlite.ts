import { Inject, Injectable } from '@nestjs/common';
import { SQLITE_DATABASE, type SqliteDatabase } from '@parley/platform';
import type { RoomId, UserId } from '@parley/protocol';
import type { Announcement, AnnouncementPlace, AnnouncementRepository } from './announcement.repository.ts';

@Injectable()
export class SqliteAnnouncementRepository implements AnnouncementRepository {
  readonly #database: SqliteDatabase;

  constructor(@Inject(SQLITE_DATABASE) database: SqliteDatabase) {
    this.#database = database;
  }

  async findByRoom(roomId: RoomId, limit: number): Promise<readonly Announcement[]> {
    const rows = await this.#database.read<Omit<Announcement, 'data'> & { data: string }>(
      `SELECT entry_id AS entryId, event, user_id AS userId, data, change_number AS changeNumber
       FROM membership_announcements WHERE room_id = ? ORDER BY change_number LIMIT ?`,
      [roomId, limit],
    );
    return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as unknown }) as Announcement);
  }

  async isLeavePending(roomId: RoomId, userId: UserId): Promise<boolean> {
    const found = await this.#database.read(
      `SELECT 1 FROM membership_announcements WHERE room_id = ? AND user_id = ? AND event = 'member_left' LIMIT 1`,
      [roomId, userId],
    );
    return found.length > 0;
  }

  async findOverdueRooms(madeBefore: number, limit: number): Promise<readonly RoomId[]> {
    const rooms = await this.#database.read<{ roomId: RoomId }>(
      `SELECT room_id AS roomId FROM membership_announcements WHERE made_at < ?
       GROUP BY room_id ORDER BY MIN(made_at) LIMIT ?`,
      [madeBefore, limit],
    );
    return rooms.map(({ roomId }) => roomId);
  }

  async finish(roomId: RoomId, places: readonly AnnouncementPlace[]): Promise<void> {
    const params = { roomId, places: JSON.stringify(places) };
    await this.#database.write([
      {
        sql: `UPDATE memberships SET read_seq = place.value ->> 'seq', read_count = place.value ->> 'count'
              FROM json_each(:places) AS place
              WHERE room_id = :roomId AND join_order = place.value ->> 'changeNumber'
              AND coalesce(read_seq, -1) < place.value ->> 'seq'`,
        params,
      },
      {
        sql: `DELETE FROM membership_announcements
              WHERE room_id = :roomId
              AND change_number IN (SELECT value ->> 'changeNumber' FROM json_each(:places))`,
        params,
      },
    ]);
  }
}
