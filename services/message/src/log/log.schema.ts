import type { Head } from '@parley/contracts';
import type { UserId } from '@parley/protocol';
import type { mongo } from 'mongoose';
import type { Entry } from './entry.ts';

export const ENTRIES = 'entries';

/** An Entry as it is stored in MongoDB. */
export interface StoredEntry extends Head {
  readonly entryId: string;
  readonly event: Entry['event'];
  readonly userId: UserId;
  readonly data: unknown;
}

export async function createEntryIndexes(db: mongo.Db): Promise<void> {
  await db.collection(ENTRIES).createIndexes([
    // Heads, pages of entries and messages, and the allocation of seq.
    { key: { roomId: 1, seq: 1 }, name: 'room_seq', unique: true },
    // findByEntryIds: retries and read-backs; each entry once.
    { key: { roomId: 1, entryId: 1 }, name: 'room_entry', unique: true },
  ]);
}

export const ENTRY_TABLES = [
  // The primary key serves heads, pages of entries and messages, and the allocation of seq; the other findByEntryIds.
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
];
