import type { SqliteDatabase } from '@parley/platform';
import type { MessageId, RoomId, UserId } from '@parley/protocol';
import type { ReactionKey } from '../log/batch-changes.ts';
import type { ReactionRepository } from './reaction.repository.ts';

export class SqliteReactionRepository implements ReactionRepository {
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
}
