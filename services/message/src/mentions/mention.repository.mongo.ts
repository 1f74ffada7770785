import type { RoomId, UserId } from '@parley/protocol';
import type { Connection } from 'mongoose';
import type { MentionPosition, MentionRepository } from './mention.repository.ts';

export const MENTIONS = 'mentions';

/** A mention as it lies in its collection, unique by {userId, roomId, seq}. */
export interface StoredMention {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly seq: number;
}

type PersonInRoom = Pick<StoredMention, 'userId' | 'roomId'>;

const BY_PERSON_AND_ROOM = { userId: 1, roomId: 1, seq: 1 };

export class MongoMentionRepository implements MentionRepository {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async count(positions: readonly MentionPosition[]): Promise<readonly number[]> {
    if (positions.length === 0) return [];
    const ranges = positions.map(({ userId, roomId, seq }) => ({ userId, roomId, seq: { $gt: seq } }));
    const counts = await this.#mentions
      .aggregate<{ _id: PersonInRoom; count: number }>(
        [
          { $match: { $or: ranges } },
          { $group: { _id: { userId: '$userId', roomId: '$roomId' }, count: { $sum: 1 } } },
        ],
        { hint: BY_PERSON_AND_ROOM },
      )
      .toArray();
    const byKey = new Map(counts.map(({ _id, count }) => [keyOf(_id), count]));
    return positions.map((position) => byKey.get(keyOf(position)) ?? 0);
  }

  async clear(positions: readonly MentionPosition[]): Promise<void> {
    if (positions.length === 0) return;
    const ranges = positions.map(({ userId, roomId, seq }) => ({ userId, roomId, seq: { $lte: seq } }));
    await this.#mentions.deleteMany({ $or: ranges }, { hint: BY_PERSON_AND_ROOM });
  }

  get #mentions() {
    return this.#connection.collection<StoredMention>(MENTIONS);
  }
}

const keyOf = ({ userId, roomId }: PersonInRoom): string => `${roomId} ${userId}`;
