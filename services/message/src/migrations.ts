import type { MongoMigration, SqliteMigration } from '@parley/platform';
import { BUCKET } from './attachments/attachment-bytes.mongo.ts';
import { MENTIONS } from './mentions/mention.repository.mongo.ts';
import { REACTIONS } from './reactions/reaction.repository.mongo.ts';
import { SEARCH_DOCUMENTS, SEARCH_PROGRESS } from './search/search.repository.mongo.ts';

const mongo: readonly MongoMigration[] = [
  {
    version: 1,
    async up(db) {
      await db.collection('entries').createIndexes([
        // Heads, pages of entries and messages, and the allocation of seq.
        { key: { roomId: 1, seq: 1 }, name: 'room_seq', unique: true },
        // findByEntryIds: retries and read-backs; each entry once.
        { key: { roomId: 1, entryId: 1 }, name: 'room_entry', unique: true },
      ]);
    },
  },
  {
    version: 2,
    async up(db) {
      await db.collection('attachments').createIndexes([
        { key: { attachmentId: 1 }, name: 'attachment', unique: true },
        // How much of their quota somebody has used.
        { key: { userId: 1 }, name: 'user' },
        // What no message has claimed for long.
        { key: { state: 1, touchedAt: 1 }, name: 'state_touched' },
      ]);
      // As GridFS itself would make them with the first upload.
      await db.collection(`${BUCKET}.files`).createIndex({ filename: 1, uploadDate: 1 });
      await db.collection(`${BUCKET}.chunks`).createIndex({ files_id: 1, n: 1 }, { unique: true });
    },
  },
  {
    version: 3,
    async up(db) {
      // A person's unread mentions by room, and clearing them.
      await db.collection(MENTIONS).createIndex({ userId: 1, roomId: 1, seq: 1 }, { name: 'user_room', unique: true });
      await db.collection(REACTIONS).createIndexes([
        // Whether somebody has reacted.
        { key: { roomId: 1, messageId: 1, emoji: 1, userId: 1 }, name: 'reaction', unique: true },
        // Who reacted first.
        { key: { roomId: 1, messageId: 1, emoji: 1, seq: 1 }, name: 'order' },
      ]);
    },
  },
  {
    version: 4,
    async up(db) {
      await db.collection(SEARCH_DOCUMENTS).createIndexes([
        // Words in given rooms.
        { key: { roomId: 1, tokens: 1 }, name: 'room_tokens' },
        { key: { roomId: 1, seq: 1 }, name: 'message', unique: true },
      ]);
      await db.collection(SEARCH_PROGRESS).createIndex({ roomId: 1 }, { name: 'room', unique: true });
    },
  },
];

const sqlite: readonly SqliteMigration[] = [
  {
    version: 1,
    statements: [
      // The primary key serves heads and pages of entries and messages, and allocates seq; the other findByEntryIds.
      `CREATE TABLE entries (
         room_id TEXT NOT NULL,
         seq INTEGER NOT NULL,
         entry_id TEXT NOT NULL,
         event TEXT NOT NULL,
         user_id TEXT NOT NULL,
         at INTEGER NOT NULL,
         count INTEGER NOT NULL,
         member_delta INTEGER NOT NULL,
         message_seq INTEGER NOT NULL,
         data TEXT NOT NULL,
         PRIMARY KEY (room_id, seq),
         UNIQUE (room_id, entry_id)
       ) STRICT`,
    ],
  },
  {
    version: 2,
    statements: [
      `CREATE TABLE attachments (
         attachment_id TEXT PRIMARY KEY,
         user_id TEXT NOT NULL,
         content_type TEXT NOT NULL,
         size INTEGER NOT NULL,
         width INTEGER NOT NULL,
         height INTEGER NOT NULL,
         stored_bytes INTEGER NOT NULL,
         thumbnail_bytes INTEGER NOT NULL,
         state TEXT NOT NULL,
         room_id TEXT,
         message_id TEXT,
         touched_at INTEGER NOT NULL
       ) STRICT`,
      // How much of their quota somebody has used.
      'CREATE INDEX attachments_user ON attachments (user_id, stored_bytes)',
      // What no message has claimed for long.
      'CREATE INDEX attachments_state_touched ON attachments (state, touched_at)',
    ],
  },
  {
    version: 3,
    statements: [
      // The primary key serves a person's unread mentions by room, and clearing them.
      `CREATE TABLE mentions (
         user_id TEXT NOT NULL,
         room_id TEXT NOT NULL,
         seq INTEGER NOT NULL,
         PRIMARY KEY (user_id, room_id, seq)
       ) STRICT, WITHOUT ROWID`,
      // The primary key serves whether somebody has reacted; the index who reacted first.
      `CREATE TABLE reactions (
         room_id TEXT NOT NULL,
         message_id TEXT NOT NULL,
         emoji TEXT NOT NULL,
         user_id TEXT NOT NULL,
         seq INTEGER NOT NULL,
         PRIMARY KEY (room_id, message_id, emoji, user_id)
       ) STRICT, WITHOUT ROWID`,
      'CREATE INDEX reactions_order ON reactions (room_id, message_id, emoji, seq)',
    ],
  },
  {
    version: 4,
    statements: [
      `CREATE TABLE search_documents (
         document_id INTEGER PRIMARY KEY,
         room_id TEXT NOT NULL,
         seq INTEGER NOT NULL,
         user_id TEXT NOT NULL,
         at INTEGER NOT NULL,
         version INTEGER NOT NULL,
         UNIQUE (room_id, seq)
       ) STRICT`,
      // Its rowids are document_ids. What stands between the words is ASCII, and nothing else is: they were cut already.
      `CREATE VIRTUAL TABLE search_tokens USING fts5(tokens, content = '', contentless_delete = 1, tokenize = 'ascii')`,
      'CREATE TABLE search_progress (room_id TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    ],
  },
];

/** The schema of the message service's own data, under the component's name `message`. */
export const messageMigrations = { mongo, sqlite };
