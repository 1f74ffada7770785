import type { RoomId, UserId } from '@parley/protocol';

export interface InvitationRecord {
  /** SHA-256 of the token, in hex. */
  readonly tokenDigest: string;
  readonly roomId: RoomId;
  readonly creatorId: UserId;
  readonly expiresAt: number;
}

/** At most `limit` invitations of a room that have not expired at `now`. */
export interface InvitationLimit {
  readonly now: number;
  readonly limit: number;
}

export const INVITATION_REPOSITORY = Symbol('InvitationRepository');

/** Invitations, including expired ones until they are removed. */
export interface InvitationRepository {
  /** Returns false, and stores nothing, when the limit is reached. The room must exist. */
  insert(invitation: InvitationRecord, limit: InvitationLimit): Promise<boolean>;
  find(tokenDigest: string): Promise<InvitationRecord | null>;
  /** The room's invitations that have not expired, newest first. */
  findByRoom(roomId: RoomId, now: number): Promise<readonly InvitationRecord[]>;
  /** Does nothing when there is no such invitation. */
  remove(roomId: RoomId, tokenDigest: string): Promise<void>;
  removeExpired(now: number): Promise<void>;
}
