import type { mongo } from 'mongoose';

export const ATTACHMENTS = 'attachments';

/** Name of the GridFS bucket: collections `attachments.files` and `attachments.chunks`. */
export const BUCKET = 'attachments';

export async function createAttachmentIndexes(db: mongo.Db): Promise<void> {
  await db.collection(ATTACHMENTS).createIndexes([
    { key: { attachmentId: 1 }, name: 'attachment', unique: true },
    // The part of a user's quota that is used.
    { key: { userId: 1 }, name: 'user' },
    // Attachments that no message claimed for a long time.
    { key: { state: 1, touchedAt: 1 }, name: 'state_touched' },
  ]);
  // As GridFS itself would create them with the first upload.
  await db.collection(`${BUCKET}.files`).createIndex({ filename: 1, uploadDate: 1 });
  await db.collection(`${BUCKET}.chunks`).createIndex({ files_id: 1, n: 1 }, { unique: true });
}

export const ATTACHMENT_TABLES = [
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
  // The part of a user's quota that is used.
  'CREATE INDEX attachments_user ON attachments (user_id, stored_bytes)',
  // Attachments that no message claimed for a long time.
  'CREATE INDEX attachments_state_touched ON attachments (state, touched_at)',
];
