import { Inject, Injectable } from '@nestjs/common';
import { SQLITE_DATABASE, type SqliteDatabase } from '@parley/platform';
import type { RoomId, UserId } from '@parley/protocol';
import type { Reader, ReadPositionRepository, ReadPosition, StoredReadPosition } from './read-position.repository.ts';

const READ_UP_TO = 'room_id = :roomId AND read_seq >= :seq AND user_id IS NOT :exceptId';

@Injectable()
export class SqliteReadPositionRepository implements ReadPositionRepository {
  readonly #database: SqliteDatabase;

  constructor(@Inject(SQLITE_DATABASE) database: SqliteDatabase) {
    this.#database = database;
  }

  find(readers: readonly Reader[]): Promise<readonly StoredReadPosition[]> {
    return this.#database.read<StoredReadPosition>(
      `SELECT room_id AS roomId, user_id AS userId, read_seq AS readSeq, read_count AS readCount
       FROM (SELECT DISTINCT value ->> 'roomId' AS room, value ->> 'userId' AS reader FROM json_each(?))
       JOIN memberships ON room_id = room AND user_id = reader`,
      [JSON.stringify(readers)],
    );
  }

  async advance(positions: readonly ReadPosition[]): Promise<void> {
    await this.#database.write([
      {
        sql: `UPDATE memberships SET read_seq = place.value ->> 'readSeq', read_count = place.value ->> 'readCount'
              FROM json_each(?) AS place
              WHERE room_id = place.value ->> 'roomId' AND user_id = place.value ->> 'userId'
              AND coalesce(read_seq, -1) < place.value ->> 'readSeq'`,
        params: [JSON.stringify(positions)],
      },
    ]);
  }

  async countReaders(roomId: RoomId, seq: number, exceptId: UserId | null): Promise<number> {
    const [row] = await this.#database.read<{ count: number }>(
      `SELECT count(*) AS count FROM memberships WHERE ${READ_UP_TO}`,
      { roomId, seq, exceptId },
    );
    return row?.count ?? 0;
  }

  async findReaders(roomId: RoomId, seq: number, exceptId: UserId | null, limit: number): Promise<readonly UserId[]> {
    const rows = await this.#database.read<{ userId: UserId }>(
      `SELECT user_id AS userId FROM memberships WHERE ${READ_UP_TO} ORDER BY read_seq LIMIT :limit`,
      { roomId, seq, exceptId, limit },
    );
    return rows.map(({ userId }) => userId);
  }
}
