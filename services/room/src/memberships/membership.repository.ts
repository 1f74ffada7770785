import type { Membership } from '@parley/contracts';
import type { MemberRole, RoomId, UserId } from '@parley/protocol';

/** Somebody who is to join, and the id of the log entry that will say so. */
export interface Joining {
  readonly userId: UserId;
  readonly entryId: string;
}

export interface Leaving {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly entryId: string;
  readonly at: number;
  /** The owner who removes them; missing: they leave by themselves. */
  readonly removedBy?: UserId;
}

export interface MemberPlace {
  readonly userId: UserId;
  /** Rises with every join of the room, with holes. */
  readonly joinOrder: number;
  readonly role: MemberRole;
  readonly readSeq: number | null;
}

export interface UserMembership extends Membership {
  readonly userId: UserId;
}

export const MEMBERSHIP_REPOSITORY = Symbol('MembershipRepository');

/**
 * Who is in which room. A change is one transaction: the membership, the person's roomsVersion, the room's memberCount and
 * first five members, and an announcement (see announcement.repository.ts) that waits to go into the room's log.
 */
export interface MembershipRepository {
  /** Whoever of them is not a member yet joins, in the given order. The room and these people exist. */
  join(request: { roomId: RoomId; joining: readonly Joining[]; at: number }): Promise<void>;
  /**
   * false: was not a member, and nothing changed. When no owner is left, whoever of the rest joined first becomes owner,
   * and the announcement says so.
   */
  leave(request: Leaving): Promise<boolean>;
  isMember(roomId: RoomId, userId: UserId): Promise<boolean>;
  /** null: not a member. */
  findRole(roomId: RoomId, userId: UserId): Promise<MemberRole | null>;
  /** All rooms of these people, in no order. */
  findByUsers(userIds: readonly UserId[]): Promise<readonly UserMembership[]>;
  /** By joinOrder, from the first above `after`. */
  findByRoom(roomId: RoomId, after: number, limit: number): Promise<readonly MemberPlace[]>;
}
