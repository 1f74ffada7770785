import { SHARED_COLLECTIONS, type StoredMembershipKey, type StoredUserName } from '@parley/contracts';
import type { RoomId, UserId } from '@parley/protocol';
import type { Connection } from 'mongoose';
import type { MembersReader } from './members.reader.ts';

export class MongoMembersReader implements MembersReader {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async findMembers(roomId: RoomId, userIds: readonly UserId[]) {
    const rows = await this.#connection
      .collection<StoredMembershipKey>(SHARED_COLLECTIONS.memberships)
      .find({ roomId, userId: { $in: [...userIds] } }, { projection: { _id: 0, userId: 1 } })
      .toArray();
    return new Set(rows.map(({ userId }) => userId));
  }

  async findRoomIds(userId: UserId) {
    const rows = await this.#connection
      .collection<StoredMembershipKey>(SHARED_COLLECTIONS.memberships)
      .find({ userId }, { projection: { _id: 0, roomId: 1 } })
      .toArray();
    return rows.map(({ roomId }) => roomId);
  }

  async findUsers(userIds: readonly UserId[]) {
    const rows = await this.#connection
      .collection<StoredUserName>(SHARED_COLLECTIONS.users)
      .find({ userId: { $in: [...userIds] } }, { projection: { _id: 0, userId: 1, displayName: 1 } })
      .toArray();
    return new Map(rows.map(({ userId, displayName }) => [userId, { userId, displayName }]));
  }
}
