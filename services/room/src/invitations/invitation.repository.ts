import type { RoomId, UserId } from '@parley/protocol';

export interface InvitationRecord {
  /** SHA-256 of the token, in hex. */
  readonly tokenDigest: string;
  readonly roomId: RoomId;
  readonly creatorId: UserId;
  readonly expiresAt: number;
}

/** Invitations as they were stored, expired ones too until they are removed. */
export abstract class InvitationRepository {
  abstract insert(invitation: InvitationRecord): Promise<void>;
  abstract find(tokenDigest: string): Promise<InvitationRecord | null>;
  abstract removeExpired(now: number): Promise<void>;
}
