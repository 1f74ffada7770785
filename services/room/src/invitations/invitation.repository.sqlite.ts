import { Inject, Injectable } from '@nestjs/common';
import { SQLITE_DATABASE, type SqliteDatabase } from '@parley/platform';
import type { RoomId } from '@parley/protocol';
import type { InvitationLimit, InvitationRecord, InvitationRepository } from './invitation.repository.ts';

const INVITATION = 'token_digest AS tokenDigest, room_id AS roomId, creator_id AS creatorId, expires_at AS expiresAt';

@Injectable()
export class SqliteInvitationRepository implements InvitationRepository {
  readonly #database: SqliteDatabase;

  constructor(@Inject(SQLITE_DATABASE) database: SqliteDatabase) {
    this.#database = database;
  }

  async insert(invitation: InvitationRecord, { now, limit }: InvitationLimit): Promise<boolean> {
    const { tokenDigest, roomId, creatorId, expiresAt } = invitation;
    const [inserted] = await this.#database.write([
      {
        sql: `INSERT INTO invitations (token_digest, room_id, creator_id, expires_at)
              SELECT :tokenDigest, :roomId, :creatorId, :expiresAt WHERE :limit > (
                SELECT count(*) FROM invitations WHERE room_id = :roomId AND expires_at > :now)`,
        params: { tokenDigest, roomId, creatorId, expiresAt, now, limit },
      },
    ]);
    return inserted?.changes === 1;
  }

  findByRoom(roomId: RoomId, now: number): Promise<readonly InvitationRecord[]> {
    return this.#database.read<InvitationRecord>(
      `SELECT ${INVITATION} FROM invitations WHERE room_id = ? AND expires_at > ? ORDER BY expires_at DESC`,
      [roomId, now],
    );
  }

  async remove(roomId: RoomId, tokenDigest: string): Promise<void> {
    await this.#database.write([
      { sql: 'DELETE FROM invitations WHERE token_digest = ? AND room_id = ?', params: [tokenDigest, roomId] },
    ]);
  }

  async find(tokenDigest: string): Promise<InvitationRecord | null> {
    const [invitation] = await this.#database.read<InvitationRecord>(
      `SELECT ${INVITATION} FROM invitations WHERE token_digest = ?`,
      [tokenDigest],
    );
    return invitation ?? null;
  }

  async removeExpired(now: number): Promise<void> {
    await this.#database.write([{ sql: 'DELETE FROM invitations WHERE expires_at <= ?', params: [now] }]);
  }
}
