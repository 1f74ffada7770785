import type { SessionId } from '@parley/contracts';
import type { UserId } from '@parley/protocol';

export interface SessionRecord {
  readonly sessionId: SessionId;
  readonly userId: UserId;
  readonly renewedAt: number;
  readonly expiresAt: number;
}

export const SESSION_REPOSITORY = Symbol('SessionRepository');

/** Sessions as they were stored, expired ones too until they are removed: whether one holds is for the service to say. */
export interface SessionRepository {
  insert(session: SessionRecord): Promise<void>;
  /** In no order; those that are not there are left out. */
  find(sessionIds: readonly SessionId[]): Promise<readonly SessionRecord[]>;
  /** Nothing if it was removed meanwhile. */
  renew(sessionId: SessionId, times: { renewedAt: number; expiresAt: number }): Promise<void>;
  /** Whose it was; null: there was none. */
  remove(sessionId: SessionId): Promise<UserId | null>;
  removeExpired(now: number): Promise<void>;
}
