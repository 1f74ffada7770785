import type { RoomId } from '@parley/protocol';
import type { Connection } from 'mongoose';
import type { BatchChanges, MentionTargets } from '../log/batch-changes.ts';
import type { ChangeWriter } from '../log/unit-of-work.ts';
import type { MongoUnitOfWork } from '../log/unit-of-work.mongo.ts';
import type { MentionPosition, MentionRepository } from './mention.repository.ts';
import { MENTIONS, type StoredMention } from './mention.schema.ts';

type UserInRoom = Pick<StoredMention, 'userId' | 'roomId'>;

const BY_USER_AND_ROOM = { userId: 1, roomId: 1, seq: 1 };

export class MongoMentionRepository implements MentionRepository, ChangeWriter<MongoUnitOfWork> {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async count(positions: readonly MentionPosition[]): Promise<readonly number[]> {
    if (positions.length === 0) return [];
    const ranges = positions.map(({ userId, roomId, seq }) => ({ userId, roomId, seq: { $gt: seq } }));
    const counts = await this.#mentions
      .aggregate<{ _id: UserInRoom; count: number }>(
        [
          { $match: { $or: ranges } },
          { $group: { _id: { userId: '$userId', roomId: '$roomId' }, count: { $sum: 1 } } },
        ],
        { hint: BY_USER_AND_ROOM },
      )
      .toArray();
    const byKey = new Map(counts.map(({ _id, count }) => [keyOf(_id), count]));
    return positions.map((position) => byKey.get(keyOf(position)) ?? 0);
  }

  async clear(positions: readonly MentionPosition[]): Promise<void> {
    if (positions.length === 0) return;
    const ranges = positions.map(({ userId, roomId, seq }) => ({ userId, roomId, seq: { $lte: seq } }));
    await this.#mentions.deleteMany({ $or: ranges }, { hint: BY_USER_AND_ROOM });
  }

  async writeChanges(
    roomId: RoomId,
    { mentions, removedMentions }: BatchChanges,
    { session }: MongoUnitOfWork,
  ): Promise<void> {
    const [removed, added] = [toMentions(roomId, removedMentions), toMentions(roomId, mentions)];
    if (removed.length > 0) await this.#mentions.deleteMany({ $or: removed }, { session });
    if (added.length > 0) await this.#mentions.insertMany(added, { session });
  }

  get #mentions() {
    return this.#connection.collection<StoredMention>(MENTIONS);
  }
}

const keyOf = ({ userId, roomId }: UserInRoom): string => `${roomId} ${userId}`;

const toMentions = (roomId: RoomId, targets: readonly MentionTargets[]): StoredMention[] =>
  targets.flatMap(({ seq, userIds }) => userIds.map((userId) => ({ userId, roomId, seq })));
