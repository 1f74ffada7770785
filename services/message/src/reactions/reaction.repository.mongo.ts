import type { MessageId, RoomId, UserId } from '@parley/protocol';
import type { Connection } from 'mongoose';
import type { ReactionKey } from '../log/batch-changes.ts';
import type { ReactionRepository } from './reaction.repository.ts';

export const REACTIONS = 'reactions';

/** A reaction as it lies in its collection, unique by {roomId, messageId, emoji, userId}. */
export interface StoredReaction extends ReactionKey {
  readonly roomId: RoomId;
  readonly seq: number;
}

export class MongoReactionRepository implements ReactionRepository {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async find(roomId: RoomId, reactions: readonly ReactionKey[]): Promise<ReactionKey[]> {
    if (reactions.length === 0) return [];
    const keys = reactions.map(({ messageId, emoji, userId }) => ({ roomId, messageId, emoji, userId }));
    return this.#reactions
      .find({ $or: keys }, { projection: { _id: 0, messageId: 1, emoji: 1, userId: 1 } })
      .hint({ roomId: 1, messageId: 1, emoji: 1, userId: 1 })
      .toArray();
  }

  async readReactors(
    roomId: RoomId,
    { messageId, emoji, limit }: { messageId: MessageId; emoji: string; limit: number },
  ): Promise<UserId[]> {
    const found = await this.#reactions
      .find({ roomId, messageId, emoji }, { projection: { _id: 0, userId: 1 } })
      .hint({ roomId: 1, messageId: 1, emoji: 1, seq: 1 })
      .sort({ seq: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ userId }) => userId);
  }

  get #reactions() {
    return this.#connection.collection<StoredReaction>(REACTIONS);
  }
}
