import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { RoomId, UserId } from '@parley/protocol';
import type { Model } from 'mongoose';
import type { Announcement, AnnouncementPlace, AnnouncementRepository } from './announcement.repository.ts';
import { StoredAnnouncement } from './announcement.schema.ts';
import { StoredMembership } from './membership.schema.ts';

@Injectable()
export class MongoAnnouncementRepository implements AnnouncementRepository {
  readonly #announcements: Model<StoredAnnouncement>;
  readonly #memberships: Model<StoredMembership>;

  constructor(
    @InjectModel(StoredAnnouncement.name) announcements: Model<StoredAnnouncement>,
    @InjectModel(StoredMembership.name) memberships: Model<StoredMembership>,
  ) {
    this.#announcements = announcements;
    this.#memberships = memberships;
  }

  async findByRoom(roomId: RoomId, limit: number): Promise<readonly Announcement[]> {
    const found = await this.#announcements
      .find({ roomId }, { _id: 0, entryId: 1, event: 1, userId: 1, data: 1, changeNumber: 1 })
      .sort({ changeNumber: 1 })
      .limit(limit)
      .lean<Announcement[]>()
      .exec();
    return found.map((announcement) => ({ ...announcement, data: announcement.data ?? {} }) as Announcement);
  }

  async isLeavePending(roomId: RoomId, userId: UserId): Promise<boolean> {
    return (await this.#announcements.exists({ roomId, userId, event: 'member_left' })) !== null;
  }

  async findOverdueRooms(madeBefore: number, limit: number): Promise<readonly RoomId[]> {
    const rooms = await this.#announcements.aggregate<{ _id: RoomId }>([
      { $match: { madeAt: { $lt: madeBefore } } },
      { $group: { _id: '$roomId', madeAt: { $min: '$madeAt' } } },
      { $sort: { madeAt: 1 } },
      { $limit: limit },
    ]);
    return rooms.map(({ _id }) => _id);
  }

  // Needs no transaction: each write is idempotent, and after a crash between the two both are repeated.
  async finish(roomId: RoomId, places: readonly AnnouncementPlace[]): Promise<void> {
    await this.#memberships.bulkWrite(
      places.map(({ changeNumber, seq, count }) => ({
        updateOne: {
          // A new member may have a later read position from a message of theirs. $not also matches null.
          filter: { roomId, joinOrder: changeNumber, readSeq: { $not: { $gte: seq } } },
          update: { $set: { readSeq: seq, readCount: count } },
        },
      })),
      { ordered: false },
    );
    await this.#announcements.deleteMany({
      roomId,
      changeNumber: { $in: places.map(({ changeNumber }) => changeNumber) },
    });
  }
}
