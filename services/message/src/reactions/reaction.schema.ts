import type { RoomId } from '@parley/protocol';
import type { mongo } from 'mongoose';
import type { ReactionKey } from '../log/batch-changes.ts';

export const REACTIONS = 'reactions';

/** A reaction as it is stored in MongoDB, unique by {roomId, messageId, emoji, userId}. */
export interface StoredReaction extends ReactionKey {
  readonly roomId: RoomId;
  readonly seq: number;
}

export async function createReactionIndexes(db: mongo.Db): Promise<void> {
  await db.collection(REACTIONS).createIndexes([
    // Whether a user has reacted.
    { key: { roomId: 1, messageId: 1, emoji: 1, userId: 1 }, name: 'reaction', unique: true },
    // Who reacted first.
    { key: { roomId: 1, messageId: 1, emoji: 1, seq: 1 }, name: 'order' },
  ]);
}

export const REACTION_TABLES = [
  // The primary key serves whether a user has reacted; the index who reacted first.
  `CREATE TABLE reactions (
     room_id TEXT NOT NULL,
     message_id TEXT NOT NULL,
     emoji TEXT NOT NULL,
     user_id TEXT NOT NULL,
     seq INTEGER NOT NULL,
     PRIMARY KEY (room_id, message_id, emoji, user_id)
   ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX reactions_order ON reactions (room_id, message_id, emoji, seq)',
];
