import type { RoomId } from '@parley/protocol';
import type { ClientSession, Connection, mongo } from 'mongoose';
import { attachmentIdsOf, type AttachmentRecord } from '../attachments/attachment.ts';
import { ATTACHMENTS } from '../attachments/attachment.repository.mongo.ts';
import { MENTIONS, type StoredMention } from '../mentions/mention.repository.mongo.ts';
import { REACTIONS, type StoredReaction } from '../reactions/reaction.repository.mongo.ts';
import { SEARCH_DOCUMENTS } from '../search/search.repository.mongo.ts';
import type { SearchDocument } from '../search/search.repository.ts';
import type { BatchChanges, MentionTargets, ReactionWrite } from './batch-changes.ts';
import type { StoredEntry } from './entry.schema.ts';

/** Within the session's transaction; each command only where there is something for it to do. */
export async function applyChanges(
  connection: Connection,
  roomId: RoomId,
  changes: BatchChanges,
  session: ClientSession,
): Promise<void> {
  const { messages, reactions, mentions, removedMentions, deleted, version } = changes;
  if (messages.length > 0) {
    const updates = messages.map(({ seq, data }) => ({
      updateOne: { filter: { roomId, seq }, update: { $set: { data: { ...data } } } },
    }));
    await connection.collection<StoredEntry>('entries').bulkWrite(updates, { session });
  }
  if (reactions.length > 0) {
    const steps = reactions.map((step) => toReactionWrite(roomId, step));
    await connection.collection<StoredReaction>(REACTIONS).bulkWrite(steps, { session });
  }
  const stored = connection.collection<StoredMention>(MENTIONS);
  if (removedMentions.length > 0) await stored.deleteMany({ $or: toMentions(roomId, removedMentions) }, { session });
  if (mentions.length > 0) await stored.insertMany(toMentions(roomId, mentions), { session });
  if (deleted.length > 0) {
    const messageId = { $in: deleted.map(({ entryId }) => entryId) };
    await connection.collection<StoredReaction>(REACTIONS).deleteMany({ roomId, messageId }, { session });
    const attachmentId = { $in: deleted.flatMap(({ data }) => attachmentIdsOf(data.attachments ?? [])) };
    const collected = { state: 'collecting' as const, touchedAt: 0 };
    await connection
      .collection<AttachmentRecord>(ATTACHMENTS)
      .updateMany({ attachmentId }, { $set: collected }, { session });
    const emptied = deleted.map(({ seq, userId, at }) => ({
      updateOne: { filter: { roomId, seq }, update: { $set: { userId, at, tokens: [], version } }, upsert: true },
    }));
    await connection.collection<SearchDocument>(SEARCH_DOCUMENTS).bulkWrite(emptied, { session });
  }
}

function toReactionWrite(roomId: RoomId, step: ReactionWrite): mongo.AnyBulkWriteOperation<StoredReaction> {
  const { messageId, emoji, userId } = step;
  const reaction = { roomId, messageId, emoji, userId };
  return step.on ? { insertOne: { document: { ...reaction, seq: step.seq } } } : { deleteOne: { filter: reaction } };
}

const toMentions = (roomId: RoomId, mentioned: readonly MentionTargets[]): StoredMention[] =>
  mentioned.flatMap(({ seq, userIds }) => userIds.map((userId) => ({ userId, roomId, seq })));
