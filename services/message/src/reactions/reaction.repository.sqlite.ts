import type { SqliteDatabase, Statement } from '@parley/platform';
import type { MessageId, RoomId, UserId } from '@parley/protocol';
import type { BatchChanges, ReactionKey, ReactionWrite } from '../log/batch-changes.ts';
import type { ChangeWriter } from '../log/unit-of-work.ts';
import type { SqliteUnitOfWork } from '../log/unit-of-work.sqlite.ts';
import type { ReactionRepository } from './reaction.repository.ts';

export class SqliteReactionRepository implements ReactionRepository, ChangeWriter<SqliteUnitOfWork> {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  find(roomId: RoomId, reactions: readonly ReactionKey[]): Promise<ReactionKey[]> {
    return this.#database.read<ReactionKey>(
      `SELECT message_id AS messageId, emoji, user_id AS userId FROM reactions
       WHERE room_id = ? AND (message_id, emoji, user_id) IN
         (SELECT value ->> 'messageId', value ->> 'emoji', value ->> 'userId' FROM json_each(?))`,
      [roomId, JSON.stringify(reactions)],
    );
  }

  async readReactors(
    roomId: RoomId,
    { messageId, emoji, limit }: { messageId: MessageId; emoji: string; limit: number },
  ): Promise<UserId[]> {
    const rows = await this.#database.read<{ userId: UserId }>(
      `SELECT user_id AS userId FROM reactions WHERE room_id = ? AND message_id = ? AND emoji = ? ORDER BY seq LIMIT ?`,
      [roomId, messageId, emoji, limit],
    );
    return rows.map(({ userId }) => userId);
  }

  writeChanges(roomId: RoomId, { reactions, deleted }: BatchChanges, unitOfWork: SqliteUnitOfWork): Promise<void> {
    unitOfWork.add(
      ...reactions.map((write) => toStatement(roomId, write)),
      ...deleted.map(({ entryId }) => ({
        sql: 'DELETE FROM reactions WHERE room_id = ? AND message_id = ?',
        params: [roomId, entryId],
      })),
    );
    return Promise.resolve();
  }
}

function toStatement(roomId: RoomId, write: ReactionWrite): Statement {
  const { messageId, emoji, userId } = write;
  return write.on
    ? {
        sql: 'INSERT INTO reactions (room_id, message_id, emoji, user_id, seq) VALUES (?, ?, ?, ?, ?)',
        params: [roomId, messageId, emoji, userId, write.seq],
      }
    : {
        sql: 'DELETE FROM reactions WHERE room_id = ? AND message_id = ? AND emoji = ? AND user_id = ?',
        params: [roomId, messageId, emoji, userId],
      };
}
