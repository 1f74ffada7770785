import type { RoomId, UserId } from '@parley/protocol';
import type { mongo } from 'mongoose';

export const MENTIONS = 'mentions';

/** A mention as it is stored in MongoDB, unique by {userId, roomId, seq}. */
export interface StoredMention {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly seq: number;
}

export async function createMentionIndexes(db: mongo.Db): Promise<void> {
  // A user's unread mentions by room, and clearing them.
  await db.collection(MENTIONS).createIndex({ userId: 1, roomId: 1, seq: 1 }, { name: 'user_room', unique: true });
}

export const MENTION_TABLES = [
  // The primary key serves a user's unread mentions by room, and clearing them.
  `CREATE TABLE mentions (
     user_id TEXT NOT NULL,
     room_id TEXT NOT NULL,
     seq INTEGER NOT NULL,
     PRIMARY KEY (user_id, room_id, seq)
   ) STRICT, WITHOUT ROWID`,
];
