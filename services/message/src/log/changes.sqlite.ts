import type { Statement } from '@parley/platform';
import type { RoomId } from '@parley/protocol';
import { attachmentIdsOf } from '../attachments/attachment.ts';
import { documentStatements } from '../search/search.repository.sqlite.ts';
import type { BatchChanges, ReactionWrite } from './batch-changes.ts';
import type { MessageEntry } from './entry.ts';

/** To be written together with the batch's entries. */
export function changeStatements(roomId: RoomId, changes: BatchChanges): Statement[] {
  const { messages, reactions, mentions, removedMentions, deleted, version } = changes;
  return [
    ...messages.map(({ seq, data }) => ({
      sql: 'UPDATE entries SET data = ? WHERE room_id = ? AND seq = ?',
      params: [JSON.stringify(data), roomId, seq],
    })),
    ...reactions.map((step) => reactionStatement(roomId, step)),
    ...removedMentions.map(({ seq, userIds }) => ({
      sql: `DELETE FROM mentions
            WHERE room_id = ? AND seq = ? AND user_id IN (SELECT value FROM json_each(?))`,
      params: [roomId, seq, JSON.stringify(userIds)],
    })),
    ...mentions.map(({ seq, userIds }) => ({
      sql: 'INSERT INTO mentions (user_id, room_id, seq) SELECT value, ?, ? FROM json_each(?)',
      params: [roomId, seq, JSON.stringify(userIds)],
    })),
    ...deleted.flatMap((message) => deletionStatements(message, version)),
  ];
}

function reactionStatement(roomId: RoomId, step: ReactionWrite): Statement {
  const { messageId, emoji, userId } = step;
  return step.on
    ? {
        sql: 'INSERT INTO reactions (room_id, message_id, emoji, user_id, seq) VALUES (?, ?, ?, ?, ?)',
        params: [roomId, messageId, emoji, userId, step.seq],
      }
    : {
        sql: 'DELETE FROM reactions WHERE room_id = ? AND message_id = ? AND emoji = ? AND user_id = ?',
        params: [roomId, messageId, emoji, userId],
      };
}

const deletionStatements = ({ roomId, seq, userId, at, entryId, data }: MessageEntry, version: number): Statement[] => [
  { sql: 'DELETE FROM reactions WHERE room_id = ? AND message_id = ?', params: [roomId, entryId] },
  {
    sql: `UPDATE attachments SET state = 'collecting', touched_at = 0
          WHERE attachment_id IN (SELECT value FROM json_each(?))`,
    params: [JSON.stringify(attachmentIdsOf(data.attachments ?? []))],
  },
  ...documentStatements({ roomId, seq, userId, at, tokens: [], version }),
];
