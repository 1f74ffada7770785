import type { SqliteDatabase } from '@parley/platform';
import type { AttachmentId, MessageId, RoomId, UserId } from '@parley/protocol';
import type { BatchChanges } from '../log/batch-changes.ts';
import type { ChangeWriter } from '../log/unit-of-work.ts';
import type { SqliteUnitOfWork } from '../log/unit-of-work.sqlite.ts';
import { attachmentIdsOf, type AttachmentRecord, type Claim } from './attachment.ts';
import type { AttachmentRepository } from './attachment.repository.ts';

type AttachmentRow = Omit<AttachmentRecord, 'claim'> & {
  readonly roomId: RoomId | null;
  readonly messageId: MessageId | null;
};

const COLUMNS = `attachment_id AS attachmentId, user_id AS userId, content_type AS contentType, size, width, height,
  stored_bytes AS storedBytes, thumbnail_bytes AS thumbnailBytes, state, room_id AS roomId, message_id AS messageId,
  touched_at AS touchedAt`;

export class SqliteAttachmentRepository implements AttachmentRepository, ChangeWriter<SqliteUnitOfWork> {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async insert(record: AttachmentRecord): Promise<void> {
    const { attachmentId, userId, contentType, size, width, height, storedBytes, thumbnailBytes } = record;
    const { state, claim, touchedAt } = record;
    await this.#database.write([
      {
        sql: `INSERT INTO attachments (attachment_id, user_id, content_type, size, width, height, stored_bytes,
                thumbnail_bytes, state, room_id, message_id, touched_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        params: [
          ...[attachmentId, userId, contentType, size, width, height, storedBytes, thumbnailBytes],
          ...[state, claim?.roomId ?? null, claim?.messageId ?? null, touchedAt],
        ],
      },
    ]);
  }

  find(attachmentIds: readonly AttachmentId[]): Promise<AttachmentRecord[]> {
    return this.#read('attachment_id IN (SELECT value FROM json_each(?))', [JSON.stringify(attachmentIds)]);
  }

  async bytesOf(userId: UserId): Promise<number> {
    const [sum] = await this.#database.read<{ bytes: number }>(
      'SELECT coalesce(sum(stored_bytes), 0) AS bytes FROM attachments WHERE user_id = ?',
      [userId],
    );
    return sum?.bytes ?? 0;
  }

  async claim(attachmentIds: readonly AttachmentId[], userId: UserId, claim: Claim, now: number): Promise<void> {
    const { roomId, messageId } = claim;
    await this.#database.write([
      {
        sql: `UPDATE attachments SET room_id = ?, message_id = ?, touched_at = ?
              WHERE attachment_id IN (SELECT value FROM json_each(?)) AND user_id = ? AND state = 'open'
                AND (message_id IS NULL OR (room_id = ? AND message_id = ?))`,
        params: [roomId, messageId, now, JSON.stringify(attachmentIds), userId, roomId, messageId],
      },
    ]);
  }

  findAbandoned(before: number, limit: number): Promise<AttachmentRecord[]> {
    return this.#read(`state IN ('open', 'collecting') AND touched_at < ? ORDER BY touched_at LIMIT ?`, [
      before,
      limit,
    ]);
  }

  async beginCollecting({ attachmentId, touchedAt }: AttachmentRecord): Promise<boolean> {
    const [result] = await this.#database.write([
      {
        sql: `UPDATE attachments SET state = 'collecting'
              WHERE attachment_id = ? AND touched_at = ? AND state IN ('open', 'collecting')`,
        params: [attachmentId, touchedAt],
      },
    ]);
    return result?.changes === 1;
  }

  async keep({ attachmentId, touchedAt }: AttachmentRecord): Promise<void> {
    await this.#database.write([
      {
        sql: `UPDATE attachments SET state = 'kept' WHERE attachment_id = ? AND touched_at = ?`,
        params: [attachmentId, touchedAt],
      },
    ]);
  }

  async delete(attachmentId: AttachmentId): Promise<void> {
    await this.#database.write([{ sql: 'DELETE FROM attachments WHERE attachment_id = ?', params: [attachmentId] }]);
  }

  /** The sweeper deletes the attachments of deleted messages; until then they can be neither read nor claimed. */
  writeChanges(_roomId: RoomId, { deleted }: BatchChanges, unitOfWork: SqliteUnitOfWork): Promise<void> {
    const attachmentIds = deleted.flatMap(({ data }) => attachmentIdsOf(data.attachments ?? []));
    if (attachmentIds.length > 0) {
      unitOfWork.add({
        sql: `UPDATE attachments SET state = 'collecting', touched_at = 0
              WHERE attachment_id IN (SELECT value FROM json_each(?))`,
        params: [JSON.stringify(attachmentIds)],
      });
    }
    return Promise.resolve();
  }

  async #read(condition: string, params: readonly (string | number)[]): Promise<AttachmentRecord[]> {
    const sql = `SELECT ${COLUMNS} FROM attachments WHERE ${condition}`;
    const rows = await this.#database.read<AttachmentRow>(sql, params);
    return rows.map(({ roomId, messageId, ...row }) => ({
      ...row,
      claim: roomId === null || messageId === null ? null : { roomId, messageId },
    }));
  }
}
