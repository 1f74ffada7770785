import type { MongoMigration, SqliteMigration } from '@parley/platform';

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
         message_seq INTEGER NOT NULL,
         data TEXT NOT NULL,
         PRIMARY KEY (room_id, seq),
         UNIQUE (room_id, entry_id)
       ) STRICT`,
    ],
  },
];

/** The schema of the message service's own data, under the component's name `message`. */
export const messageMigrations = { mongo, sqlite };
