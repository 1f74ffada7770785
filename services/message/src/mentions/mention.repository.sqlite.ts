import type { SqliteDatabase } from '@parley/platform';
import type { RoomId, UserId } from '@parley/protocol';
import type { MentionRepository, RoomPosition } from './mention.repository.ts';

export class SqliteMentionRepository implements MentionRepository {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async count(userId: UserId, positions: readonly RoomPosition[]): Promise<ReadonlyMap<RoomId, number>> {
    const rows = await this.#database.read<{ roomId: RoomId; count: number }>(
      `SELECT room_id AS roomId, count(*) AS count FROM json_each(?) AS position JOIN mentions
         ON user_id = ? AND room_id = position.value ->> 'roomId' AND seq > position.value ->> 'after'
       GROUP BY room_id`,
      [JSON.stringify(positions), userId],
    );
    return new Map(rows.map(({ roomId, count }) => [roomId, count]));
  }

  async clear(userId: UserId, roomId: RoomId, seq: number): Promise<void> {
    await this.#database.write([
      { sql: 'DELETE FROM mentions WHERE user_id = ? AND room_id = ? AND seq <= ?', params: [userId, roomId, seq] },
    ]);
  }
}
