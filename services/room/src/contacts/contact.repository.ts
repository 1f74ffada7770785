import type { RoomId, UserId } from '@parley/protocol';

export interface Contact {
  readonly userId: UserId;
  /** When they were last connected; null: not known. */
  readonly lastSeenAt: number | null;
}

/** Who sees whom come and go. */
export abstract class ContactRepository {
  /** Those of the people who share a room with this one, in no order. */
  abstract find(userId: UserId, userIds: readonly UserId[]): Promise<readonly Contact[]>;
  /** Each room of each of these people that has at most so many members, in no order. */
  abstract findRooms(
    userIds: readonly UserId[],
    maxMembers: number,
  ): Promise<readonly { userId: UserId; roomId: RoomId }[]>;
  /** An earlier time changes nothing; people who do not exist are left out. */
  abstract noteSeen(people: readonly { userId: UserId; at: number }[]): Promise<void>;
}
