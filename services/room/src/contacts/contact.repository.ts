import type { RoomId, UserId } from '@parley/protocol';

export interface Contact {
  readonly userId: UserId;
  /** When the user was last connected; null: unknown. */
  readonly lastSeenAt: number | null;
}

export const CONTACT_REPOSITORY = Symbol('ContactRepository');

/** Which users see the presence of which others. */
export interface ContactRepository {
  /** The users among `userIds` who share a room with `userId`, unordered. */
  find(userId: UserId, userIds: readonly UserId[]): Promise<readonly Contact[]>;
  /** The users' rooms with at most `maxMembers` members, unordered. */
  findRooms(userIds: readonly UserId[], maxMembers: number): Promise<readonly { userId: UserId; roomId: RoomId }[]>;
  /** Ignores times before the stored one, and unknown users. */
  noteSeen(users: readonly { userId: UserId; at: number }[]): Promise<void>;
}
