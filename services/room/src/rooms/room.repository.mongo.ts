import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { LIMITS, type RoomId } from '@parley/protocol';
import type { Model } from 'mongoose';
import { StoredUser } from '../accounts/account.schema.ts';
import { StoredMembership } from '../memberships/membership.schema.ts';
import { isDuplicateKey } from '../mongo-errors.ts';
import { inTransaction } from '../mongo-transaction.ts';
import { RoomRepository, type NewRoom, type RoomRecord } from './room.repository.ts';
import { StoredRoom } from './room.schema.ts';

@Injectable()
export class MongoRoomRepository extends RoomRepository {
  constructor(
    @InjectModel(StoredRoom.name) private readonly rooms: Model<StoredRoom>,
    @InjectModel(StoredMembership.name) private readonly memberships: Model<StoredMembership>,
    @InjectModel(StoredUser.name) private readonly users: Model<StoredUser>,
  ) {
    super();
  }

  async insert({ memberIds, ...room }: NewRoom): Promise<boolean> {
    const stored = {
      ...room,
      firstMemberIds: memberIds.slice(0, LIMITS.membersInRoom),
      initialMemberCount: memberIds.length,
      memberCount: memberIds.length,
      changeCount: memberIds.length,
    };
    const memberships = memberIds.map((userId, index) => ({
      roomId: room.roomId,
      userId,
      joinOrder: index + 1,
      readSeq: 0,
      readCount: 0,
    }));
    try {
      await inTransaction(this.rooms.db, async (session) => {
        await this.rooms.insertMany([stored], { session, lean: true });
        await this.memberships.insertMany(memberships, { session, lean: true });
        await this.users.updateMany({ userId: { $in: memberIds } }, { $inc: { roomsVersion: 1 } }, { session });
      });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  find(roomIds: readonly RoomId[]): Promise<readonly RoomRecord[]> {
    return this.rooms
      .find({ roomId: { $in: roomIds } }, { _id: 0, changeCount: 0 })
      .lean<RoomRecord[]>()
      .exec();
  }
}
