import type { RoomId, UserId } from '@parley/protocol';

/**
 * The collections that services share. The room service owns and writes them; the message service only reads them, for
 * membership and display names. MongoDB: collections with these fields; SQLite: tables of the same names, with columns
 * in snake_case.
 */
export const SHARED_COLLECTIONS = { users: 'users', memberships: 'memberships' } as const;

/** `users`, unique by userId. */
export interface StoredUserName {
  readonly userId: UserId;
  readonly displayName: string;
}

/** `memberships`, unique by {roomId, userId}: the row exists while the user is a member. */
export interface StoredMembershipKey {
  readonly roomId: RoomId;
  readonly userId: UserId;
}
