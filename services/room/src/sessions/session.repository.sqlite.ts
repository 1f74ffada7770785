import { Inject, Injectable } from '@nestjs/common';
import type { SessionId } from '@parley/contracts';
import { SQLITE_DATABASE, type SqliteDatabase } from '@parley/platform';
import type { UserId } from '@parley/protocol';
import type { SessionRecord, SessionRepository } from './session.repository.ts';

@Injectable()
export class SqliteSessionRepository implements SessionRepository {
  readonly #database: SqliteDatabase;

  constructor(@Inject(SQLITE_DATABASE) database: SqliteDatabase) {
    this.#database = database;
  }

  async insert({ sessionId, userId, renewedAt, expiresAt }: SessionRecord): Promise<void> {
    await this.#database.write([
      {
        sql: 'INSERT INTO sessions (session_id, user_id, renewed_at, expires_at) VALUES (?, ?, ?, ?)',
        params: [sessionId, userId, renewedAt, expiresAt],
      },
    ]);
  }

  find(sessionIds: readonly SessionId[]): Promise<readonly SessionRecord[]> {
    return this.#database.read<SessionRecord>(
      `SELECT session_id AS sessionId, user_id AS userId, renewed_at AS renewedAt, expires_at AS expiresAt
       FROM sessions WHERE session_id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(sessionIds)],
    );
  }

  async renew(sessionId: SessionId, { renewedAt, expiresAt }: { renewedAt: number; expiresAt: number }): Promise<void> {
    await this.#database.write([
      {
        sql: 'UPDATE sessions SET renewed_at = ?, expires_at = ? WHERE session_id = ?',
        params: [renewedAt, expiresAt, sessionId],
      },
    ]);
  }

  async remove(sessionId: SessionId): Promise<UserId | null> {
    const [removed] = await this.#database.write([
      { sql: 'DELETE FROM sessions WHERE session_id = ? RETURNING user_id', params: [sessionId] },
    ]);
    const userId = removed?.rows[0]?.user_id;
    return typeof userId === 'string' ? (userId as UserId) : null;
  }

  async removeExpired(now: number): Promise<void> {
    await this.#database.write([{ sql: 'DELETE FROM sessions WHERE expires_at <= ?', params: [now] }]);
  }
}
