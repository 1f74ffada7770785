import type { RoomId, User, UserId } from '@parley/protocol';

/**
 * Who is a member, and what people are called: the room service's collections, read afresh each time, so that whoever
 * was removed is refused with the next message.
 */
export interface MembersReader {
  /** Those of the people who are members now. */
  findMembers(roomId: RoomId, userIds: readonly UserId[]): Promise<ReadonlySet<UserId>>;
  /** The rooms of a person, in no order. */
  findRoomIds(userId: UserId): Promise<RoomId[]>;
  /** Those who exist. */
  findUsers(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, User>>;
}

/** Injection token of the MembersReader. */
export const MEMBERS_READER = Symbol('MembersReader');
