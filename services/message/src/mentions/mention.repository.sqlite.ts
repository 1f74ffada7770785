import type { SqliteDatabase } from '@parley/platform';
import type { RoomId } from '@parley/protocol';
import type { BatchChanges } from '../log/batch-changes.ts';
import type { ChangeWriter } from '../log/unit-of-work.ts';
import type { SqliteUnitOfWork } from '../log/unit-of-work.sqlite.ts';
import type { MentionPosition, MentionRepository } from './mention.repository.ts';

/** Matches the user and room of one position of the list. */
const OF_POSITION = `user_id = position.value ->> 'userId' AND room_id = position.value ->> 'roomId'`;
const UP_TO_POSITION = `${OF_POSITION} AND seq <= position.value ->> 'seq'`;

export class SqliteMentionRepository implements MentionRepository, ChangeWriter<SqliteUnitOfWork> {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async count(positions: readonly MentionPosition[]): Promise<readonly number[]> {
    const rows = await this.#database.read<{ count: number }>(
      `SELECT (SELECT count(*) FROM mentions WHERE ${OF_POSITION} AND seq > position.value ->> 'seq') AS count
       FROM json_each(?) AS position ORDER BY position.key`,
      [JSON.stringify(positions)],
    );
    return rows.map(({ count }) => count);
  }

  async clear(positions: readonly MentionPosition[]): Promise<void> {
    // Most positions have none, and a read costs no commit.
    const read = await this.#database.read<{ position: string }>(
      `SELECT position.value AS position FROM json_each(?) AS position
       WHERE EXISTS (SELECT 1 FROM mentions WHERE ${UP_TO_POSITION})`,
      [JSON.stringify(positions)],
    );
    if (read.length === 0) return;
    await this.#database.write(
      read.map(({ position }) => {
        const { userId, roomId, seq } = JSON.parse(position) as MentionPosition;
        return {
          sql: 'DELETE FROM mentions WHERE user_id = ? AND room_id = ? AND seq <= ?',
          params: [userId, roomId, seq],
        };
      }),
    );
  }

  writeChanges(
    roomId: RoomId,
    { mentions, removedMentions }: BatchChanges,
    unitOfWork: SqliteUnitOfWork,
  ): Promise<void> {
    unitOfWork.add(
      ...removedMentions.map(({ seq, userIds }) => ({
        sql: `DELETE FROM mentions
              WHERE room_id = ? AND seq = ? AND user_id IN (SELECT value FROM json_each(?))`,
        params: [roomId, seq, JSON.stringify(userIds)],
      })),
      ...mentions.map(({ seq, userIds }) => ({
        sql: 'INSERT INTO mentions (user_id, room_id, seq) SELECT value, ?, ? FROM json_each(?)',
        params: [roomId, seq, JSON.stringify(userIds)],
      })),
    );
    return Promise.resolve();
  }
}
