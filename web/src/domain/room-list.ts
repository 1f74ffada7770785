import { LIMITS } from '@parley/protocol';
import type { LastMessage, Message, MessageId, RoomSummary, UserId } from '@parley/protocol';
import { withoutContent } from './message-changes.ts';
import { isMentioned } from './mentions.ts';
import { withReading } from './reading.ts';
import { isKnownEntry, type LogEntry } from './room-log.ts';

/** A room of the list. `isPending`: the server has not created it yet. */
export type ListedRoom = RoomSummary & { readonly isPending?: true };

/** Applies the next entry of a room's log to its summary; an entry at or below the head is ignored. */
export function withEvent(room: RoomSummary, event: LogEntry, self: UserId): RoomSummary {
  if (event.seq <= room.head) return room;
  const moved = { ...room, head: event.seq };
  if (!isKnownEntry(event)) return moved;
  switch (event.event) {
    case 'message_created':
      return withMessage(moved, event.data.message, self);
    case 'member_joined': {
      const { user } = event.data;
      // A summary may name members whose joining entry is still to come, but does not count them.
      const isShown = room.members.some((member) => member.userId === user.userId);
      const hasPlace = room.members.length < LIMITS.membersInRoom;
      const members = hasPlace && !isShown ? [...room.members, user] : room.members;
      return { ...moved, members, memberCount: room.memberCount + 1 };
    }
    case 'message_updated':
      return withChanged(moved, event.data.message.messageId, () => event.data.message);
    case 'message_deleted': {
      const { messageId, deletedAt } = event.data;
      return withChanged(moved, messageId, (message) => withoutContent(message, deletedAt));
    }
    case 'reaction_changed': {
      const { messageId, reactions } = event.data;
      return withChanged(moved, messageId, (message) => ({ ...message, reactions }));
    }
    case 'room_renamed':
      return { ...moved, name: event.data.name };
    case 'member_left': {
      const members = room.members.filter((member) => member.userId !== event.data.userId);
      const own = event.data.newOwnerId === self ? { role: 'owner' as const } : {};
      return { ...moved, ...own, members, memberCount: Math.max(0, room.memberCount - 1) };
    }
  }
}

/** The user's own message moves the read position to the end. */
function withMessage(room: RoomSummary, message: Message, self: UserId): RoomSummary {
  const counted = { ...room, count: room.count + 1, lastMessage: toLastMessage(message) };
  if (message.userId === self) return { ...counted, readSeq: message.seq, readCount: counted.count, mentionCount: 0 };
  return isMentioned(message, self) ? { ...counted, mentionCount: (room.mentionCount ?? 0) + 1 } : counted;
}

/** Changes the last message if it has that id. */
function withChanged(room: RoomSummary, messageId: MessageId, change: (last: LastMessage) => LastMessage): RoomSummary {
  if (room.lastMessage?.messageId !== messageId) return room;
  return { ...room, lastMessage: toLastMessage(change(room.lastMessage)) };
}

/**
 * Merges a summary from the server with the known one. Events may have overtaken it: the higher head wins, and the
 * read position never moves back.
 */
export function mergeRoom(known: RoomSummary | undefined, received: RoomSummary): RoomSummary {
  if (!known) return received;
  const newer = received.head >= known.head ? received : known;
  const isFurther = received.readSeq === known.readSeq ? newer === received : received.readSeq > known.readSeq;
  return withReading(newer, isFurther ? received : known);
}

function toLastMessage(message: LastMessage): LastMessage {
  if (message.text.length <= LIMITS.lastMessageTextLength) return message;
  return { ...message, text: message.text.slice(0, LIMITS.lastMessageTextLength), truncated: true };
}
