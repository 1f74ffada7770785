import { SHARED_COLLECTIONS, type StoredMembershipKey, type StoredUserName } from '@parley/contracts';
import { batchedRead } from '@parley/platform';
import type { RoomId, User, UserId } from '@parley/protocol';
import type { Connection } from 'mongoose';
import type { MembersReader } from './members.reader.ts';

export class MongoMembersReader implements MembersReader {
  readonly #connection: Connection;
  // Each lane reads for its own room, under load many at once, and a query costs as much as an insert: they share one.
  readonly #memberships = batchedRead(keyOf, (memberships: readonly StoredMembershipKey[]) =>
    this.#areMembers(memberships),
  );
  readonly #users = batchedRead(String, (userIds: readonly UserId[]) => this.#readUsers(userIds));

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async findMembers(roomId: RoomId, userIds: readonly UserId[]) {
    const areMembers = await this.#memberships.readAll(userIds.map((userId) => ({ roomId, userId })));
    return new Set(userIds.filter((_userId, index) => areMembers[index]));
  }

  async findRoomIds(userId: UserId) {
    const rows = await this.#connection
      .collection<StoredMembershipKey>(SHARED_COLLECTIONS.memberships)
      .find({ userId }, { projection: { _id: 0, roomId: 1 } })
      .toArray();
    return rows.map(({ roomId }) => roomId);
  }

  async findUsers(userIds: readonly UserId[]) {
    const users = (await this.#users.readAll(userIds)).filter((user) => user !== undefined);
    return new Map(users.map((user) => [user.userId, user]));
  }

  async #areMembers(memberships: readonly StoredMembershipKey[]): Promise<boolean[]> {
    const rows = await this.#connection
      .collection<StoredMembershipKey>(SHARED_COLLECTIONS.memberships)
      .find({ $or: inRooms(memberships) }, { projection: { _id: 0, roomId: 1, userId: 1 } })
      .toArray();
    const found = new Set(rows.map(keyOf));
    return memberships.map((membership) => found.has(keyOf(membership)));
  }

  async #readUsers(userIds: readonly UserId[]): Promise<(User | undefined)[]> {
    const rows = await this.#connection
      .collection<StoredUserName>(SHARED_COLLECTIONS.users)
      .find({ userId: { $in: [...userIds] } }, { projection: { _id: 0, userId: 1, displayName: 1 } })
      .toArray();
    const users = new Map(rows.map(({ userId, displayName }) => [userId, { userId, displayName }]));
    return userIds.map((userId) => users.get(userId));
  }
}

const keyOf = ({ roomId, userId }: StoredMembershipKey): string => `${roomId} ${userId}`;

/** One branch for each room, which is one range of the index. */
function inRooms(memberships: readonly StoredMembershipKey[]) {
  const byRoom = new Map<RoomId, UserId[]>();
  for (const { roomId, userId } of memberships) byRoom.set(roomId, [...(byRoom.get(roomId) ?? []), userId]);
  return [...byRoom].map(([roomId, userIds]) => ({ roomId, userId: { $in: userIds } }));
}
