import type { RoomId, User, UserId } from '@parley/protocol';

/**
 * Members and the names of users, from the room service's collections. They are read each time, so that a removed
 * member's next message is refused.
 */
export interface MembersReader {
  /** The given users who are members now. */
  findMembers(roomId: RoomId, userIds: readonly UserId[]): Promise<ReadonlySet<UserId>>;
  /** The rooms of a user, in no order. */
  findRoomIds(userId: UserId): Promise<RoomId[]>;
  /** The given users who exist. */
  findUsers(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, User>>;
}

/** Injection token of the MembersReader. */
export const MEMBERS_READER = Symbol('MembersReader');
