import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Head } from '@parley/contracts';
import { attachmentPath, emptyHead, type AttachmentRecord, type Entry } from '@parley/message';
import { DATA_FOLDER } from '@parley/platform';
import type { AttachmentId, RoomId } from '@parley/protocol';
import { storedCollection, toDocument, type Row } from '../stored/collections.ts';
import type { RoomState, StoredData, StoredEntry, Variant } from './stored-data.ts';

const HEAD = 'room_id AS roomId, seq, count, member_delta AS memberDelta, message_seq AS messageSeq, at';

/** A data folder, also while Parley works with it. Throws, saying what to do, when there is no data in it. */
export function openSqliteData(folder: string): StoredData {
  const file = join(folder, DATA_FOLDER.database);
  if (!existsSync(file)) throw new Error(`There is no ${file}: give the data folder of a Parley, or a backup of one.`);
  return new SqliteData(
    new DatabaseSync(file, { readOnly: true, timeout: 5_000 }),
    join(folder, DATA_FOLDER.attachments),
  );
}

class SqliteData implements StoredData {
  readonly #database: DatabaseSync;
  readonly #attachmentFolder: string;

  constructor(database: DatabaseSync, attachmentFolder: string) {
    this.#database = database;
    this.#attachmentFolder = attachmentFolder;
  }

  async roomIds(): Promise<RoomId[]> {
    const tables = ['rooms', 'memberships', 'entries'].map((table) => `SELECT room_id AS roomId FROM ${table}`);
    return this.#all(`${tables.join(' UNION ')} ORDER BY roomId`).map(({ roomId }) => roomId as RoomId);
  }

  async readRoom(roomId: RoomId): Promise<RoomState> {
    // One transaction: what is read belongs together.
    this.#database.exec('BEGIN');
    try {
      const [room] = this.#all(
        `SELECT initial_member_count AS initialMemberCount, member_count AS memberCount FROM rooms WHERE room_id = ?`,
        roomId,
      );
      const [head] = this.#all(`SELECT ${HEAD} FROM entries WHERE room_id = ? ORDER BY seq DESC LIMIT 1`, roomId);
      const members = this.#all(
        `SELECT user_id AS userId, read_seq AS readSeq, read_count AS readCount FROM memberships WHERE room_id = ?`,
        roomId,
      );
      const unannounced = this.#all(
        `SELECT event FROM membership_announcements AS mark WHERE room_id = ? AND NOT EXISTS
           (SELECT 1 FROM entries WHERE room_id = mark.room_id AND entry_id = mark.entry_id)`,
        roomId,
      );
      return {
        room: room as RoomState['room'],
        head: (head as Head | undefined) ?? emptyHead(roomId),
        members: members as unknown as RoomState['members'],
        unannounced: unannounced as unknown as RoomState['unannounced'],
      };
    } finally {
      this.#database.exec('COMMIT');
    }
  }

  async *readEntries(roomId: RoomId, { from, to }: { from: number; to: number }): AsyncIterable<StoredEntry> {
    const collection = storedCollection('entries');
    const rows = this.#database
      .prepare('SELECT * FROM entries WHERE room_id = ? AND seq BETWEEN ? AND ? ORDER BY seq')
      .iterate(roomId, from, to);
    for (const row of rows) {
      try {
        yield { entry: toDocument(collection, row) as unknown as Entry };
      } catch (error) {
        yield { seq: Number(row['seq']), unreadable: (error as Error).message };
      }
    }
  }

  async doubledEntryIds(roomId: RoomId, to: number): Promise<string[]> {
    const rows = this.#all(
      'SELECT entry_id AS entryId FROM entries WHERE room_id = ? AND seq <= ? GROUP BY entry_id HAVING count(*) > 1',
      roomId,
      to,
    );
    return rows.map(({ entryId }) => String(entryId));
  }

  async *attachments(): AsyncIterable<AttachmentRecord> {
    for (const row of this.#database.prepare('SELECT * FROM attachments').iterate()) yield toAttachmentRecord(row);
  }

  async findAttachments(attachmentIds: readonly AttachmentId[]): Promise<AttachmentRecord[]> {
    const sql = 'SELECT * FROM attachments WHERE attachment_id IN (SELECT value FROM json_each(?))';
    return this.#all(sql, JSON.stringify(attachmentIds)).map(toAttachmentRecord);
  }

  async storedSize(attachmentId: AttachmentId, variant: Variant): Promise<number | undefined> {
    const path = attachmentPath(this.#attachmentFolder, attachmentId, variant);
    return (await stat(path).catch(() => undefined))?.size;
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #all(sql: string, ...params: (string | number)[]): Row[] {
    return this.#database.prepare(sql).all(...params);
  }
}

const toAttachmentRecord = (row: Row): AttachmentRecord =>
  toDocument(storedCollection('attachments'), row) as unknown as AttachmentRecord;
