import type { RoomId, UserId } from '@parley/protocol';

/**
 * What the services share in the database. The room service owns and writes these; the message service only reads them
 * (who is a member, what people are called). MongoDB: collections with these fields; SQLite: tables of the same names,
 * columns in snake_case.
 */
export const SHARED_COLLECTIONS = { users: 'users', memberships: 'memberships' } as const;

/** `users`, unique by userId. */
export interface StoredUserName {
  readonly userId: UserId;
  readonly displayName: string;
}

/** `memberships`, unique by {roomId, userId}: a row stands for as long as the person is a member. */
export interface StoredMembershipKey {
  readonly roomId: RoomId;
  readonly userId: UserId;
}
