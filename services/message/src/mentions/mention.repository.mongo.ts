import type { RoomId, UserId } from '@parley/protocol';
import type { Connection } from 'mongoose';
import type { MentionRepository, RoomPosition } from './mention.repository.ts';

export const MENTIONS = 'mentions';

/** A mention as it lies in its collection, unique by {userId, roomId, seq}. */
export interface StoredMention {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly seq: number;
}

export class MongoMentionRepository implements MentionRepository {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async count(userId: UserId, positions: readonly RoomPosition[]): Promise<ReadonlyMap<RoomId, number>> {
    if (positions.length === 0) return new Map();
    const ranges = positions.map(({ roomId, after }) => ({ userId, roomId, seq: { $gt: after } }));
    const counts = await this.#mentions
      .aggregate<{ _id: RoomId; count: number }>(
        [{ $match: { $or: ranges } }, { $group: { _id: '$roomId', count: { $sum: 1 } } }],
        { hint: { userId: 1, roomId: 1, seq: 1 } },
      )
      .toArray();
    return new Map(counts.map(({ _id, count }) => [_id, count]));
  }

  async clear(userId: UserId, roomId: RoomId, seq: number): Promise<void> {
    await this.#mentions.deleteMany({ userId, roomId, seq: { $lte: seq } });
  }

  get #mentions() {
    return this.#connection.collection<StoredMention>(MENTIONS);
  }
}
