import type { Membership } from '@parley/contracts';
import type { MemberRole, RoomId, UserId } from '@parley/protocol';

/** A user to add, and the id of the log entry for the join. */
export interface NewMember {
  readonly userId: UserId;
  readonly entryId: string;
}

export interface MembershipRemoval {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly entryId: string;
  readonly at: number;
  /** The owner who removes the user. Missing: the user leaves. */
  readonly removedBy?: UserId;
}

export interface RoomMember {
  readonly userId: UserId;
  /** Rises with every join of the room, with gaps. */
  readonly joinOrder: number;
  readonly role: MemberRole;
  readonly readSeq: number | null;
}

export interface UserMembership extends Membership {
  readonly userId: UserId;
}

export const MEMBERSHIP_REPOSITORY = Symbol('MembershipRepository');

/**
 * Memberships of users in rooms. A change is one transaction: the membership, the user's roomsVersion, the room's
 * memberCount and first five members, and an announcement for the room log (see announcement.repository.ts).
 */
export interface MembershipRepository {
  /** Adds the users who are not members yet, in the given order. The room and the users must exist. */
  join(request: { roomId: RoomId; newMembers: readonly NewMember[]; at: number }): Promise<void>;
  /**
   * Returns false, and changes nothing, when the user is not a member. When no owner is left, the remaining member who
   * joined first becomes owner, and the announcement includes that.
   */
  leave(request: MembershipRemoval): Promise<boolean>;
  isMember(roomId: RoomId, userId: UserId): Promise<boolean>;
  /** null: not a member. */
  findRole(roomId: RoomId, userId: UserId): Promise<MemberRole | null>;
  /** All memberships of these users, unordered. */
  findByUsers(userIds: readonly UserId[]): Promise<readonly UserMembership[]>;
  /** By joinOrder, starting above `after`. */
  findByRoom(roomId: RoomId, after: number, limit: number): Promise<readonly RoomMember[]>;
}
