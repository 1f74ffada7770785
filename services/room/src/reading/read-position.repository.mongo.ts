import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { RoomId, UserId } from '@parley/protocol';
import type { Model } from 'mongoose';
import { StoredMembership } from '../memberships/membership.schema.ts';
import type { Reader, ReadPositionRepository, ReadPosition, StoredReadPosition } from './read-position.repository.ts';

@Injectable()
export class MongoReadPositionRepository implements ReadPositionRepository {
  readonly #memberships: Model<StoredMembership>;

  constructor(@InjectModel(StoredMembership.name) memberships: Model<StoredMembership>) {
    this.#memberships = memberships;
  }

  async find(readers: readonly Reader[]): Promise<readonly StoredReadPosition[]> {
    if (readers.length === 0) return [];
    return this.#memberships
      .find(
        { $or: readers.map(({ roomId, userId }) => ({ roomId, userId })) },
        { _id: 0, roomId: 1, userId: 1, readSeq: 1, readCount: 1 },
      )
      .hint({ roomId: 1, userId: 1 })
      .lean<StoredReadPosition[]>()
      .exec();
  }

  async advance(positions: readonly ReadPosition[]): Promise<void> {
    if (positions.length === 0) return;
    await this.#memberships.bulkWrite(
      positions.map(({ roomId, userId, readSeq, readCount }) => ({
        updateOne: {
          // $not also matches null.
          filter: { roomId, userId, readSeq: { $not: { $gte: readSeq } } },
          update: { $set: { readSeq, readCount } },
        },
      })),
      { ordered: false },
    );
  }

  countReaders(roomId: RoomId, seq: number, exceptId: UserId | null): Promise<number> {
    return this.#memberships.countDocuments(readUpTo(roomId, seq, exceptId)).exec();
  }

  async findReaders(roomId: RoomId, seq: number, exceptId: UserId | null, limit: number): Promise<readonly UserId[]> {
    const found = await this.#memberships
      .find(readUpTo(roomId, seq, exceptId), { _id: 0, userId: 1 })
      .sort({ readSeq: 1 })
      .limit(limit)
      .lean<{ userId: UserId }[]>()
      .exec();
    return found.map(({ userId }) => userId);
  }
}

const readUpTo = (roomId: RoomId, seq: number, exceptId: UserId | null) => ({
  roomId,
  readSeq: { $gte: seq },
  ...(exceptId === null ? {} : { userId: { $ne: exceptId } }),
});
