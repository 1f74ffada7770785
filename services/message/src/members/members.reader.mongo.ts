import { SHARED_COLLECTIONS, type StoredMembershipKey, type StoredUserName } from '@parley/contracts';
import { batchedRead } from '@parley/platform';
import type { RoomId, User, UserId } from '@parley/protocol';
import type { Connection } from 'mongoose';
import type { MembersReader } from './members.reader.ts';

export class MongoMembersReader implements MembersReader {
  readonly #connection: Connection;
  // Every room's log asks for itself, and under load many at once do: a query costs as much as an insert.
  readonly #memberships = batchedRead(nameOf, (asked: readonly StoredMembershipKey[]) => this.#areMembers(asked));
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

  async #areMembers(asked: readonly StoredMembershipKey[]): Promise<boolean[]> {
    const rows = await this.#connection
      .collection<StoredMembershipKey>(SHARED_COLLECTIONS.memberships)
      .find({ $or: inRooms(asked) }, { projection: { _id: 0, roomId: 1, userId: 1 } })
      .toArray();
    const found = new Set(rows.map(nameOf));
    return asked.map((membership) => found.has(nameOf(membership)));
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

const nameOf = ({ roomId, userId }: StoredMembershipKey): string => `${roomId} ${userId}`;

/** A branch for each room, which is one range of the index. */
function inRooms(asked: readonly StoredMembershipKey[]) {
  const byRoom = new Map<RoomId, UserId[]>();
  for (const { roomId, userId } of asked) byRoom.set(roomId, [...(byRoom.get(roomId) ?? []), userId]);
  return [...byRoom].map(([roomId, userIds]) => ({ roomId, userId: { $in: userIds } }));
}
