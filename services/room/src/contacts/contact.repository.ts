import type { RoomId, UserId } from '@parley/protocol';

export interface Contact {
  readonly userId: UserId;
  /** When they were last connected; null: not known. */
  readonly lastSeenAt: number | null;
}

export const CONTACT_REPOSITORY = Symbol('ContactRepository');

/** Who sees whom come and go. */
export interface ContactRepository {
  /** Those of the people who share a room with this one, in no order. */
  find(userId: UserId, userIds: readonly UserId[]): Promise<readonly Contact[]>;
  /** Each room of each of these people that has at most so many members, in no order. */
  findRooms(userIds: readonly UserId[], maxMembers: number): Promise<readonly { userId: UserId; roomId: RoomId }[]>;
  /** An earlier time changes nothing; people who do not exist are left out. */
  noteSeen(people: readonly { userId: UserId; at: number }[]): Promise<void>;
}
