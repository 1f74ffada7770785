import { Inject, Injectable } from '@nestjs/common';
import type { SqliteDatabase } from '@parley/platform';
import { SQLITE_DATABASE } from '../sqlite-database.ts';
import { InvitationRepository, type InvitationRecord } from './invitation.repository.ts';

@Injectable()
export class SqliteInvitationRepository extends InvitationRepository {
  constructor(@Inject(SQLITE_DATABASE) private readonly database: SqliteDatabase) {
    super();
  }

  async insert({ tokenDigest, roomId, creatorId, expiresAt }: InvitationRecord): Promise<void> {
    await this.database.write([
      {
        sql: 'INSERT INTO invitations (token_digest, room_id, creator_id, expires_at) VALUES (?, ?, ?, ?)',
        params: [tokenDigest, roomId, creatorId, expiresAt],
      },
    ]);
  }

  async find(tokenDigest: string): Promise<InvitationRecord | null> {
    const [invitation] = await this.database.read<InvitationRecord>(
      `SELECT token_digest AS tokenDigest, room_id AS roomId, creator_id AS creatorId, expires_at AS expiresAt
       FROM invitations WHERE token_digest = ?`,
      [tokenDigest],
    );
    return invitation ?? null;
  }

  async removeExpired(now: number): Promise<void> {
    await this.database.write([{ sql: 'DELETE FROM invitations WHERE expires_at <= ?', params: [now] }]);
  }
}
