import type { SessionId } from '@parley/contracts';
import type { UserId } from '@parley/protocol';

export interface SessionRecord {
  readonly sessionId: SessionId;
  readonly userId: UserId;
  readonly renewedAt: number;
  readonly expiresAt: number;
}

export const SESSION_REPOSITORY = Symbol('SessionRepository');

/** Sessions, including expired ones until they are removed. The service decides whether a session is valid. */
export interface SessionRepository {
  insert(session: SessionRecord): Promise<void>;
  /** Unordered; unknown sessions are omitted. */
  find(sessionIds: readonly SessionId[]): Promise<readonly SessionRecord[]>;
  /** Does nothing when the session no longer exists. */
  renew(sessionId: SessionId, times: { renewedAt: number; expiresAt: number }): Promise<void>;
  /** Returns the user of the session; null: there was no such session. */
  remove(sessionId: SessionId): Promise<UserId | null>;
  removeExpired(now: number): Promise<void>;
}
