import type { Message, RoomEvent, User, UserId } from '@parley/protocol';
import {
  isUnknown,
  type ChangeEntry,
  type Entry,
  type MessageEntry,
  type Messages,
  type UnknownEntry,
} from './entry.ts';

/** Users by userId. */
export type Users = ReadonlyMap<UserId, User>;

/** A user who no longer exists has an empty name; their messages stay. */
export const userFrom = (users: Users, userId: UserId): User => users.get(userId) ?? { userId, displayName: '' };

export function toMessage({ roomId, seq, entryId, userId, data, at }: MessageEntry): Message {
  const { text, attachments = [], replyTo, mentions, editedAt, deletedAt, reactions = [] } = data;
  return {
    ...{ roomId, seq, messageId: entryId, userId, text, attachments, createdAt: at },
    ...(editedAt === undefined ? {} : { editedAt }),
    ...(deletedAt === undefined ? {} : { deletedAt }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(mentions === undefined ? {} : { mentions }),
    reactions,
  };
}

/** Larger data of an unknown entry, in bytes of JSON, are not sent to clients. */
const UNKNOWN_DATA_BYTES = 64 * 1_024;

/** Records that entries refer to. */
export interface EntryReferences {
  readonly users: Users;
  /** Every message that one of the entries changes. */
  readonly messages: Messages;
}

/** The entry as clients receive it, live or in a page. */
export function toRoomEvent(entry: Entry, references: EntryReferences): RoomEvent {
  if (isUnknown(entry)) return toUnknownEvent(entry);
  const { roomId, seq, event, userId } = entry;
  const { users } = references;
  switch (event) {
    case 'message_created':
      return { event, roomId, seq, data: { message: toMessage(entry), user: userFrom(users, userId) } };
    case 'member_joined':
      return { event, roomId, seq, data: { user: userFrom(users, userId) } };
    case 'member_left':
      return { event, roomId, seq, data: { userId, ...entry.data } };
    case 'room_renamed':
      return { event, roomId, seq, data: { userId, ...entry.data } };
    case 'message_updated':
      return {
        ...{ event, roomId, seq },
        data: { message: toMessage(changedBy(entry, references)), user: userFrom(users, userId) },
      };
    case 'message_deleted':
      return { event, roomId, seq, data: { ...entry.data, userId } };
    case 'reaction_changed': {
      const { reactions = [] } = changedBy(entry, references).data;
      return { event, roomId, seq, data: { ...entry.data, userId, reactions } };
    }
  }
}

/**
 * Under its own name and with its data, as a later release would most likely send it. Readers that do not know the name
 * advance to its seq and skip it. Data that could fill up a client's connection are left out.
 */
function toUnknownEvent({ event, roomId, seq, userId, data }: UnknownEntry): RoomEvent {
  const isSent = isRecord(data) && Buffer.byteLength(JSON.stringify(data)) <= UNKNOWN_DATA_BYTES;
  const unknown: unknown = { event, roomId, seq, data: { ...(isSent ? data : {}), userId } };
  // The wire has no type for unknown events: readers that switch on the name ignore this one.
  return unknown as RoomEvent;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function changedBy(entry: ChangeEntry, { messages }: EntryReferences): MessageEntry {
  const message = messages.get(entry.data.messageId);
  if (message) return message;
  throw new Error(`Entry ${entry.seq} of the room ${entry.roomId} changes a message that was not read.`);
}
