import type { Head, Place } from '@parley/contracts';
import { SqliteConstraintError, type SqliteDatabase } from '@parley/platform';
import type { RoomId } from '@parley/protocol';
import type { BatchChanges } from './batch-changes.ts';
import { isMessage, type Entry, type MessageEntry } from './entry.ts';
import { emptyHead, type InsertResult, type LogRepository } from './log.repository.ts';
import type { ChangeWriter } from './unit-of-work.ts';
import { SqliteUnitOfWork } from './unit-of-work.sqlite.ts';

type EntryRow = Omit<Entry, 'data'> & { readonly data: string };

const HEAD = 'room_id AS roomId, seq, count, member_delta AS memberDelta, message_seq AS messageSeq, at';
const ENTRY = `${HEAD}, entry_id AS entryId, event, user_id AS userId, data`;
const INSERT = `INSERT INTO entries (room_id, seq, entry_id, event, user_id, at, count, member_delta, message_seq, data)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export class SqliteLogRepository implements LogRepository {
  readonly #database: SqliteDatabase;
  readonly #changeWriters: readonly ChangeWriter<SqliteUnitOfWork>[];

  constructor(database: SqliteDatabase, changeWriters: readonly ChangeWriter<SqliteUnitOfWork>[]) {
    this.#database = database;
    this.#changeWriters = changeWriters;
  }

  async insertBatch(entries: readonly Entry[], changes?: BatchChanges): Promise<InsertResult> {
    const [first] = entries;
    const unitOfWork = new SqliteUnitOfWork();
    unitOfWork.add(...entries.map(insertStatement));
    if (first && changes) await this.#addChanges(first.roomId, changes, unitOfWork);
    try {
      await this.#database.write(unitOfWork.statements);
      return { kind: 'stored' };
    } catch (error) {
      if (!(error instanceof SqliteConstraintError)) throw error;
      const index = error.statementIndex;
      if (index === 0 || changes) return { kind: 'clash', index: 0 };
      // Nothing was stored: store the entries before it, which may clash with another writer in turn.
      const before = await this.insertBatch(entries.slice(0, index));
      return before.kind === 'clash' ? before : { kind: 'clash', index };
    }
  }

  async #addChanges(roomId: RoomId, changes: BatchChanges, unitOfWork: SqliteUnitOfWork): Promise<void> {
    const updates = changes.messages.map(({ seq, data }) => ({
      sql: 'UPDATE entries SET data = ? WHERE room_id = ? AND seq = ?',
      params: [JSON.stringify(data), roomId, seq],
    }));
    unitOfWork.add(...updates);
    for (const writer of this.#changeWriters) await writer.writeChanges(roomId, changes, unitOfWork);
  }

  async readHead(roomId: RoomId): Promise<Head> {
    const [head] = await this.#database.read<Head>(
      `SELECT ${HEAD} FROM entries WHERE room_id = ? ORDER BY seq DESC LIMIT 1`,
      [roomId],
    );
    return head ?? emptyHead(roomId);
  }

  readSettledHead(roomId: RoomId): Promise<Head> {
    return this.readHead(roomId);
  }

  readHeads(roomIds: readonly RoomId[]): Promise<Head[]> {
    return this.#database.read<Head>(
      `SELECT ${HEAD} FROM json_each(?) AS room JOIN entries
       ON room_id = room.value AND seq = (SELECT max(seq) FROM entries WHERE room_id = room.value)`,
      [JSON.stringify([...new Set(roomIds)])],
    );
  }

  findByEntryIds(roomId: RoomId, entryIds: readonly string[]): Promise<Entry[]> {
    return this.#read(`room_id = ? AND entry_id IN (SELECT value FROM json_each(?))`, [
      roomId,
      JSON.stringify(entryIds),
    ]);
  }

  readEntries(roomId: RoomId, { after, limit }: { after: number; limit: number }): Promise<Entry[]> {
    return this.#read(`room_id = ? AND seq > ? ORDER BY seq LIMIT ?`, [roomId, after, limit]);
  }

  async readMessages(roomId: RoomId, { before, limit }: { before: number; limit: number }): Promise<MessageEntry[]> {
    const condition = `room_id = ? AND seq < ? AND event = 'message_created' ORDER BY seq DESC LIMIT ?`;
    return (await this.#read(condition, [roomId, before, limit])).filter(isMessage);
  }

  readCounts(positions: readonly { roomId: RoomId; seq: number }[]): Promise<Place[]> {
    return this.#database.read<Place>(
      `SELECT room_id AS roomId, seq, count FROM json_each(?) AS place JOIN entries
       ON room_id = place.value ->> 'roomId' AND seq = place.value ->> 'seq'`,
      [JSON.stringify(positions)],
    );
  }

  async readMessagesFrom(
    roomId: RoomId,
    { from, to, limit }: { from: number; to: number; limit: number },
  ): Promise<MessageEntry[]> {
    const condition = `room_id = ? AND seq BETWEEN ? AND ? AND event = 'message_created' ORDER BY seq LIMIT ?`;
    return (await this.#read(condition, [roomId, from, to, limit])).filter(isMessage);
  }

  async readMessagesAt(positions: readonly { roomId: RoomId; messageSeq: number }[]): Promise<MessageEntry[]> {
    const condition = `event = 'message_created' AND (room_id, seq) IN
      (SELECT value ->> 'roomId', value ->> 'messageSeq' FROM json_each(?))`;
    return (await this.#read(condition, [JSON.stringify(positions)])).filter(isMessage);
  }

  async #read(condition: string, params: readonly (string | number)[]): Promise<Entry[]> {
    const rows = await this.#database.read<EntryRow>(`SELECT ${ENTRY} FROM entries WHERE ${condition}`, params);
    return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as unknown }) as Entry);
  }
}

const insertStatement = (entry: Entry) => ({
  sql: INSERT,
  params: [
    entry.roomId,
    entry.seq,
    entry.entryId,
    entry.event,
    entry.userId,
    entry.at,
    entry.count,
    entry.memberDelta,
    entry.messageSeq,
    JSON.stringify(entry.data),
  ],
});
