import type { SqliteDatabase, Statement } from '@parley/platform';
import type { RoomId } from '@parley/protocol';
import type { BatchChanges } from '../log/batch-changes.ts';
import type { ChangeWriter } from '../log/unit-of-work.ts';
import type { SqliteUnitOfWork } from '../log/unit-of-work.sqlite.ts';
import type { SearchDocument, SearchPlace, SearchRepository, SearchRequest } from './search.repository.ts';

/** Documents, and an FTS5 table that has their tokens under the same rowid, without their text. */
export class SqliteSearchRepository implements SearchRepository, ChangeWriter<SqliteUnitOfWork> {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  find({ roomIds, prefixes, userId, before, limit }: SearchRequest): Promise<SearchPlace[]> {
    const match = prefixes.map((prefix) => `"${prefix}" *`).join(' AND ');
    const { at = Number.MAX_SAFE_INTEGER, seq = 0, roomId = '' } = before ?? {};
    return this.#database.read<SearchPlace>(
      `SELECT at, seq, room_id AS roomId FROM search_tokens JOIN search_documents ON document_id = search_tokens.rowid
       WHERE search_tokens MATCH ? AND room_id IN (SELECT value FROM json_each(?)) AND (? IS NULL OR user_id = ?)
         AND (at, seq, room_id) < (?, ?, ?)
       ORDER BY at DESC, seq DESC, room_id DESC LIMIT ?`,
      [match, JSON.stringify(roomIds), userId ?? null, userId ?? null, at, seq, roomId, limit],
    );
  }

  async store(documents: readonly SearchDocument[]): Promise<void> {
    await this.#database.write(documents.flatMap(documentStatements));
  }

  async readProgress(roomIds: readonly RoomId[]): Promise<ReadonlyMap<RoomId, number>> {
    const rows = await this.#database.read<{ roomId: RoomId; seq: number }>(
      'SELECT room_id AS roomId, seq FROM search_progress WHERE room_id IN (SELECT value FROM json_each(?))',
      [JSON.stringify(roomIds)],
    );
    return new Map(rows.map(({ roomId, seq }) => [roomId, seq]));
  }

  async noteProgress(roomId: RoomId, seq: number): Promise<void> {
    await this.#database.write([
      {
        sql: `INSERT INTO search_progress (room_id, seq) VALUES (?, ?)
              ON CONFLICT (room_id) DO UPDATE SET seq = max(seq, excluded.seq)`,
        params: [roomId, seq],
      },
    ]);
  }

  async listRooms(): Promise<RoomId[]> {
    const rows = await this.#database.read<{ roomId: RoomId }>('SELECT DISTINCT room_id AS roomId FROM entries');
    return rows.map(({ roomId }) => roomId);
  }

  writeChanges(roomId: RoomId, { deleted, version }: BatchChanges, unitOfWork: SqliteUnitOfWork): Promise<void> {
    const emptied = deleted.map(({ seq, userId, at }) => ({ roomId, seq, userId, at, tokens: [], version }));
    unitOfWork.add(...emptied.flatMap(documentStatements));
    return Promise.resolve();
  }
}

/** Replaces a document and its tokens where the version is higher, and otherwise changes nothing. */
function documentStatements({ roomId, seq, userId, at, tokens, version }: SearchDocument): Statement[] {
  const newer = 'SELECT document_id FROM search_documents WHERE room_id = ? AND seq = ? AND version < ?';
  return [
    { sql: `DELETE FROM search_tokens WHERE rowid IN (${newer})`, params: [roomId, seq, version] },
    { sql: `DELETE FROM search_documents WHERE document_id IN (${newer})`, params: [roomId, seq, version] },
    {
      sql: `INSERT INTO search_documents (room_id, seq, user_id, at, version) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (room_id, seq) DO NOTHING`,
      params: [roomId, seq, userId, at, version],
    },
    {
      sql: `INSERT INTO search_tokens (rowid, tokens) SELECT document_id, ? FROM search_documents
            WHERE room_id = ? AND seq = ? AND changes() = 1`,
      params: [tokens.join(' '), roomId, seq],
    },
  ];
}
