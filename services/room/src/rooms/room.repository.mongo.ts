import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { LIMITS, type RoomId } from '@parley/protocol';
import type { Model } from 'mongoose';
import { StoredUser } from '../accounts/account.schema.ts';
import { StoredAnnouncement } from '../memberships/announcement.schema.ts';
import { StoredMembership } from '../memberships/membership.schema.ts';
import { isDuplicateKey, isUnauthorized } from '../mongo-errors.ts';
import { inTransaction } from '../mongo-transaction.ts';
import type { NewRoom, RenameOutcome, RoomRename, RoomRecord, RoomRepository } from './room.repository.ts';
import { StoredRoom } from './room.schema.ts';

@Injectable()
export class MongoRoomRepository implements RoomRepository {
  readonly #rooms: Model<StoredRoom>;
  readonly #memberships: Model<StoredMembership>;
  readonly #users: Model<StoredUser>;
  readonly #announcements: Model<StoredAnnouncement>;

  constructor(
    @InjectModel(StoredRoom.name) rooms: Model<StoredRoom>,
    @InjectModel(StoredMembership.name) memberships: Model<StoredMembership>,
    @InjectModel(StoredUser.name) users: Model<StoredUser>,
    @InjectModel(StoredAnnouncement.name) announcements: Model<StoredAnnouncement>,
  ) {
    this.#rooms = rooms;
    this.#memberships = memberships;
    this.#users = users;
    this.#announcements = announcements;
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
      role: userId === room.creatorId ? ('owner' as const) : ('member' as const),
    }));
    try {
      await inTransaction(this.#rooms.db, async (session) => {
        await this.#rooms.insertMany([stored], { session, lean: true });
        await this.#memberships.insertMany(memberships, { session, lean: true });
        await this.#users.updateMany({ userId: { $in: memberIds } }, { $inc: { roomsVersion: 1 } }, { session });
      });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  rename({ roomId, name, userId, entryId, at }: RoomRename): Promise<RenameOutcome> {
    return inTransaction(this.#rooms.db, async (session) => {
      const before = await this.#rooms
        .findOneAndUpdate(
          { roomId, name: { $ne: name } },
          { $set: { name }, $inc: { changeCount: 1 } },
          { session, projection: { changeCount: 1 }, returnDocument: 'before' },
        )
        .lean<{ changeCount: number }>()
        .exec();
      // Read after the update of the room, because that update makes concurrent changes conflict.
      const waiting = await this.#announcements.exists({ roomId, event: 'room_renamed' }).session(session);
      if (waiting) {
        await session.abortTransaction();
        return 'waiting';
      }
      if (!before) return 'unchanged';
      const change = { roomId, changeNumber: before.changeCount + 1, entryId, userId, madeAt: at };
      await this.#announcements.insertMany([{ ...change, event: 'room_renamed' as const, data: { name } }], {
        session,
        lean: true,
      });
      return 'renamed';
    });
  }

  find(roomIds: readonly RoomId[]): Promise<readonly RoomRecord[]> {
    return this.#rooms
      .find({ roomId: { $in: roomIds } }, { _id: 0, changeCount: 0, invitationsMade: 0 })
      .lean<RoomRecord[]>()
      .exec();
  }

  /** A collection that mongorestore drops and creates again has a new UUID. */
  async findEpoch(): Promise<string | undefined> {
    const { db, collection } = this.#rooms;
    const collections = db.getClient().db(db.name).listCollections({ name: collection.collectionName });
    const [found] = await collections.toArray().catch(unlessForbidden);
    return found && 'info' in found ? found.info?.uuid?.toString('hex') : undefined;
  }
}

/** A database user may have privileges to read and write but not to list collections. */
function unlessForbidden(error: unknown): readonly [] {
  if (isUnauthorized(error)) return [];
  throw error;
}
