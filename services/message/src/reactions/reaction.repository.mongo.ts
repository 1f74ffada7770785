import type { MessageId, RoomId, UserId } from '@parley/protocol';
import type { Connection, mongo } from 'mongoose';
import type { BatchChanges, ReactionKey, ReactionWrite } from '../log/batch-changes.ts';
import type { ChangeWriter } from '../log/unit-of-work.ts';
import type { MongoUnitOfWork } from '../log/unit-of-work.mongo.ts';
import type { ReactionRepository } from './reaction.repository.ts';
import { REACTIONS, type StoredReaction } from './reaction.schema.ts';

export class MongoReactionRepository implements ReactionRepository, ChangeWriter<MongoUnitOfWork> {
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

  async writeChanges(
    roomId: RoomId,
    { reactions, deleted }: BatchChanges,
    { session }: MongoUnitOfWork,
  ): Promise<void> {
    const writes = reactions.map((write) => toMongoWrite(roomId, write));
    if (writes.length > 0) await this.#reactions.bulkWrite(writes, { session });
    const messageId = { $in: deleted.map(({ entryId }) => entryId) };
    if (deleted.length > 0) await this.#reactions.deleteMany({ roomId, messageId }, { session });
  }

  get #reactions() {
    return this.#connection.collection<StoredReaction>(REACTIONS);
  }
}

function toMongoWrite(roomId: RoomId, write: ReactionWrite): mongo.AnyBulkWriteOperation<StoredReaction> {
  const { messageId, emoji, userId } = write;
  const reaction = { roomId, messageId, emoji, userId };
  return write.on ? { insertOne: { document: { ...reaction, seq: write.seq } } } : { deleteOne: { filter: reaction } };
}
