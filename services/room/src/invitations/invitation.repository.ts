import type { RoomId, UserId } from '@parley/protocol';

export interface InvitationRecord {
  /** SHA-256 of the token, in hex. */
  readonly tokenDigest: string;
  readonly roomId: RoomId;
  readonly creatorId: UserId;
  readonly expiresAt: number;
}

/** What may be open at once, and when. */
export interface InvitationBound {
  readonly now: number;
  readonly limit: number;
}

export const INVITATION_REPOSITORY = Symbol('InvitationRepository');

/** Invitations as they were stored, expired ones too until they are removed. */
export interface InvitationRepository {
  /** false: the room has so many that have not expired, and nothing was stored. The room exists. */
  insert(invitation: InvitationRecord, bound: InvitationBound): Promise<boolean>;
  find(tokenDigest: string): Promise<InvitationRecord | null>;
  /** Those that have not expired, newest first. */
  findByRoom(roomId: RoomId, now: number): Promise<readonly InvitationRecord[]>;
  /** One that there is not is no error. */
  remove(roomId: RoomId, tokenDigest: string): Promise<void>;
  removeExpired(now: number): Promise<void>;
}
