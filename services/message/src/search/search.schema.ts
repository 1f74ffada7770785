import type { mongo } from 'mongoose';

export const SEARCH_DOCUMENTS = 'search_documents';
export const SEARCH_PROGRESS = 'search_progress';

export async function createSearchIndexes(db: mongo.Db): Promise<void> {
  await db.collection(SEARCH_DOCUMENTS).createIndexes([
    // Words in given rooms.
    { key: { roomId: 1, tokens: 1 }, name: 'room_tokens' },
    { key: { roomId: 1, seq: 1 }, name: 'message', unique: true },
  ]);
  await db.collection(SEARCH_PROGRESS).createIndex({ roomId: 1 }, { name: 'room', unique: true });
}

export const SEARCH_TABLES = [
  `CREATE TABLE search_documents (
     document_id INTEGER PRIMARY KEY,
     room_id TEXT NOT NULL,
     seq INTEGER NOT NULL,
     user_id TEXT NOT NULL,
     at INTEGER NOT NULL,
     version INTEGER NOT NULL,
     UNIQUE (room_id, seq)
   ) STRICT`,
  // Its rowids are document_ids. Tokens are cut before they are stored, and only ASCII characters stand between them.
  `CREATE VIRTUAL TABLE search_tokens USING fts5(tokens, content = '', contentless_delete = 1, tokenize = 'ascii')`,
  'CREATE TABLE search_progress (room_id TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID',
];
