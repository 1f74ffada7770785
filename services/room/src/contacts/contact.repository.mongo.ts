import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { RoomId, UserId } from '@parley/protocol';
import type { Model } from 'mongoose';
import { StoredUser } from '../accounts/account.schema.ts';
import { StoredMembership } from '../memberships/membership.schema.ts';
import { StoredRoom } from '../rooms/room.schema.ts';
import type { Contact, ContactRepository } from './contact.repository.ts';

@Injectable()
export class MongoContactRepository implements ContactRepository {
  readonly #memberships: Model<StoredMembership>;
  readonly #rooms: Model<StoredRoom>;
  readonly #users: Model<StoredUser>;

  constructor(
    @InjectModel(StoredMembership.name) memberships: Model<StoredMembership>,
    @InjectModel(StoredRoom.name) rooms: Model<StoredRoom>,
    @InjectModel(StoredUser.name) users: Model<StoredUser>,
  ) {
    this.#memberships = memberships;
    this.#rooms = rooms;
    this.#users = users;
  }

  async find(userId: UserId, userIds: readonly UserId[]): Promise<readonly Contact[]> {
    const roomIds = await this.#memberships.distinct('roomId', { userId });
    const sharing = await this.#memberships.distinct('userId', { userId: { $in: userIds }, roomId: { $in: roomIds } });
    const found = await this.#users
      .find({ userId: { $in: sharing } }, { _id: 0, userId: 1, lastSeenAt: 1 })
      .lean<{ userId: UserId; lastSeenAt?: number }[]>()
      .exec();
    return found.map((user) => ({ userId: user.userId, lastSeenAt: user.lastSeenAt ?? null }));
  }

  async findRooms(
    userIds: readonly UserId[],
    maxMembers: number,
  ): Promise<readonly { userId: UserId; roomId: RoomId }[]> {
    const memberships = await this.#memberships
      .find({ userId: { $in: userIds } }, { _id: 0, userId: 1, roomId: 1 })
      .lean<{ userId: UserId; roomId: RoomId }[]>()
      .exec();
    const roomIds = [...new Set(memberships.map(({ roomId }) => roomId))];
    const small = await this.#rooms
      .find({ roomId: { $in: roomIds }, memberCount: { $lte: maxMembers } }, { _id: 0, roomId: 1 })
      .lean<{ roomId: RoomId }[]>()
      .exec();
    const smallIds = new Set(small.map(({ roomId }) => roomId));
    return memberships.filter(({ roomId }) => smallIds.has(roomId));
  }

  async noteSeen(users: readonly { userId: UserId; at: number }[]): Promise<void> {
    if (users.length === 0) return;
    await this.#users.bulkWrite(
      users.map(({ userId, at }) => ({
        updateOne: { filter: { userId }, update: { $max: { lastSeenAt: at } } },
      })),
      { ordered: false },
    );
  }
}
