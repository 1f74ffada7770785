import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { ParleyError } from '@parley/contracts';
import { KeyedQueue } from '@parley/platform';
import { LIMITS, type MemberRole, type RoomId, type UserId } from '@parley/protocol';
import type { Model, mongo } from 'mongoose';
import { StoredUser } from '../accounts/account.schema.ts';
import { inTransaction } from '../mongo-transaction.ts';
import { StoredRoom } from '../rooms/room.schema.ts';
import { StoredAnnouncement } from './announcement.schema.ts';
import type {
  MembershipRemoval,
  MembershipRepository,
  NewMember,
  RoomMember,
  UserMembership,
} from './membership.repository.ts';
import { StoredMembership } from './membership.schema.ts';

/** Changes of one room that wait. A later one would wait longer than its caller does. */
const MAX_WAITING = 500;

@Injectable()
export class MongoMembershipRepository implements MembershipRepository {
  // Concurrent transactions on one room conflict and are retried: 60 joins at once took 16 s or more on a busy machine,
  // and 4 s one after another. The queue leaves only conflicts with other processes.
  readonly #queue = new KeyedQueue<RoomId>({ concurrency: 1, maxWaiting: MAX_WAITING, fullError: tooManyChanges });
  readonly #memberships: Model<StoredMembership>;
  readonly #announcements: Model<StoredAnnouncement>;
  readonly #rooms: Model<StoredRoom>;
  readonly #users: Model<StoredUser>;

  constructor(
    @InjectModel(StoredMembership.name) memberships: Model<StoredMembership>,
    @InjectModel(StoredAnnouncement.name) announcements: Model<StoredAnnouncement>,
    @InjectModel(StoredRoom.name) rooms: Model<StoredRoom>,
    @InjectModel(StoredUser.name) users: Model<StoredUser>,
  ) {
    this.#memberships = memberships;
    this.#announcements = announcements;
    this.#rooms = rooms;
    this.#users = users;
  }

  async join(request: { roomId: RoomId; newMembers: readonly NewMember[]; at: number }): Promise<void> {
    const { roomId, at } = request;
    await this.#change(roomId, async (session) => {
      const newMembers = await this.#excludeMembers(roomId, request.newMembers, session);
      const count = newMembers.length;
      if (count === 0) return;
      const before = await this.#countChanges(roomId, { changes: count, members: count }, session);
      const changes = newMembers.map((member, index) => ({ roomId, ...member, changeNumber: before + index + 1 }));
      await this.#memberships.insertMany(
        changes.map(({ userId, changeNumber }) => ({
          roomId,
          userId,
          joinOrder: changeNumber,
          readSeq: null,
          readCount: null,
          role: 'member' as const,
        })),
        { session, lean: true },
      );
      await this.#announcements.insertMany(
        changes.map((change) => ({ ...change, event: 'member_joined' as const, data: {}, madeAt: at })),
        { session, lean: true },
      );
      await this.#updateRoomAndVersions(
        roomId,
        newMembers.map(({ userId }) => userId),
        session,
      );
    });
  }

  leave({ roomId, userId, entryId, at, removedBy }: MembershipRemoval): Promise<boolean> {
    return this.#change(roomId, async (session) => {
      const { deletedCount } = await this.#memberships.deleteOne({ roomId, userId }, { session });
      if (deletedCount === 0) return false;
      const before = await this.#countChanges(roomId, { changes: 1, members: -1 }, session);
      const newOwnerId = await this.#ensureOwner(roomId, session);
      const data = { ...(removedBy ? { removedBy } : {}), ...(newOwnerId ? { newOwnerId } : {}) };
      const announcement = { roomId, changeNumber: before + 1, entryId, event: 'member_left' as const, userId, data };
      await this.#announcements.insertMany([{ ...announcement, madeAt: at }], { session, lean: true });
      await this.#updateRoomAndVersions(roomId, [userId], session);
      return true;
    });
  }

  async isMember(roomId: RoomId, userId: UserId): Promise<boolean> {
    return (await this.#memberships.exists({ roomId, userId })) !== null;
  }

  async findRole(roomId: RoomId, userId: UserId): Promise<MemberRole | null> {
    const found = await this.#memberships.findOne({ roomId, userId }, { _id: 0, role: 1 }).lean<Role>().exec();
    return found && withRole(found).role;
  }

  async findByUsers(userIds: readonly UserId[]): Promise<readonly UserMembership[]> {
    const found = await this.#memberships
      .find({ userId: { $in: userIds } }, { _id: 0, userId: 1, roomId: 1, readSeq: 1, readCount: 1, role: 1 })
      .lean<UserMembership[]>()
      .exec();
    return found.map(withRole);
  }

  async findByRoom(roomId: RoomId, after: number, limit: number): Promise<readonly RoomMember[]> {
    const found = await this.#memberships
      .find({ roomId, joinOrder: { $gt: after } }, { _id: 0, userId: 1, joinOrder: 1, role: 1, readSeq: 1 })
      .sort({ joinOrder: 1 })
      .limit(limit)
      .lean<RoomMember[]>()
      .exec();
    return found.map(withRole);
  }

  /** Makes the first member owner when the room has none, and returns that member. */
  async #ensureOwner(roomId: RoomId, session: mongo.ClientSession): Promise<UserId | undefined> {
    if (await this.#memberships.exists({ roomId, role: 'owner' }).session(session)) return undefined;
    const first = await this.#memberships
      .findOneAndUpdate(
        { roomId },
        { $set: { role: 'owner' } },
        { session, sort: { joinOrder: 1 }, projection: { userId: 1 } },
      )
      .lean<{ userId: UserId }>()
      .exec();
    return first?.userId;
  }

  #change<Result>(roomId: RoomId, work: (session: mongo.ClientSession) => Promise<Result>): Promise<Result> {
    return this.#queue.run(roomId, () => inTransaction(this.#memberships.db, work));
  }

  async #excludeMembers(
    roomId: RoomId,
    users: readonly NewMember[],
    session: mongo.ClientSession,
  ): Promise<readonly NewMember[]> {
    const members = await this.#memberships
      .find({ roomId, userId: { $in: users.map(({ userId }) => userId) } }, { _id: 0, userId: 1 }, { session })
      .lean<{ userId: UserId }[]>()
      .exec();
    const memberIds = new Set(members.map(({ userId }) => userId));
    return users.filter(({ userId }) => !memberIds.has(userId));
  }

  /** Returns the previous change count. The update makes concurrent changes of the room conflict with this one. */
  async #countChanges(
    roomId: RoomId,
    added: { changes: number; members: number },
    session: mongo.ClientSession,
  ): Promise<number> {
    const room = await this.#rooms
      .findOneAndUpdate(
        { roomId },
        { $inc: { changeCount: added.changes, memberCount: added.members } },
        { session, projection: { changeCount: 1 }, returnDocument: 'before' },
      )
      .lean<{ changeCount: number }>()
      .exec();
    if (!room) throw new Error(`The room ${roomId} has members but does not exist.`);
    return room.changeCount;
  }

  /** Updates the room's first members and the roomsVersion of the changed users. */
  async #updateRoomAndVersions(
    roomId: RoomId,
    changed: readonly UserId[],
    session: mongo.ClientSession,
  ): Promise<void> {
    const first = await this.#memberships
      .find({ roomId }, { _id: 0, userId: 1 }, { session })
      .sort({ joinOrder: 1 })
      .limit(LIMITS.membersInRoom)
      .lean<{ userId: UserId }[]>()
      .exec();
    const firstMemberIds = first.map(({ userId }) => userId);
    await this.#rooms.updateOne({ roomId }, { $set: { firstMemberIds } }, { session });
    await this.#users.updateMany({ userId: { $in: changed } }, { $inc: { roomsVersion: 1 } }, { session });
  }
}

interface Role {
  readonly role?: MemberRole;
}

const withRole = <Row extends Role>(row: Row): Row & { readonly role: MemberRole } => ({
  ...row,
  role: row.role ?? 'member',
});

const tooManyChanges = (): ParleyError =>
  new ParleyError('unavailable', 'This room has too many membership changes in progress. Try again in a moment.', {
    retryAfterMs: 1_000,
  });
