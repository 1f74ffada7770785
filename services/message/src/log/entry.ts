import type { Head, RoomChangeEntry } from '@parley/contracts';
import type { Attachment, Message, MessageId, RoomEvent, User, UserId } from '@parley/protocol';

/** A message on its way into the log, or in it. entryId is the messageId. */
export interface MessageDraft {
  readonly event: 'message_created';
  readonly entryId: MessageId;
  readonly userId: UserId;
  readonly data: {
    readonly text: string;
    /** Missing when there is none. */
    readonly attachments?: readonly Attachment[];
  };
}

/** What will be an entry once it has its place in the log. */
export type Draft = MessageDraft | RoomChangeEntry;

/** An entry of a room's log: what happened, and the end of the log as it was with this entry. */
export type Entry = Draft & Head;

export type MessageEntry = MessageDraft & Head;

export const isMessage = (entry: Entry): entry is MessageEntry => entry.event === 'message_created';

export const headOf = ({ roomId, seq, count, memberDelta, messageSeq, at }: Head): Head => ({
  roomId,
  seq,
  count,
  memberDelta,
  messageSeq,
  at,
});

/** The same message by the same person, or the same change of a room: sent again, not another use of the entryId. */
export function isSameUse(draft: Draft, entry: Entry): boolean {
  if (draft.userId !== entry.userId || draft.event !== entry.event) return false;
  if (draft.event !== 'message_created' || entry.event !== 'message_created') return true;
  return draft.data.text === entry.data.text && idsOf(draft) === idsOf(entry);
}

const idsOf = ({ data }: MessageDraft): string => (data.attachments ?? []).map((one) => one.attachmentId).join(' ');

export function toMessage({ roomId, seq, entryId, userId, data, at }: MessageEntry): Message {
  const { text, attachments = [] } = data;
  return { roomId, seq, messageId: entryId, userId, text, attachments, createdAt: at, reactions: [] };
}

/** People by userId, as the log names them. */
export type Users = ReadonlyMap<UserId, User>;

/** Whoever is not there any more has no name; what they wrote stays. */
export const userFrom = (users: Users, userId: UserId): User => users.get(userId) ?? { userId, displayName: '' };

/** The entry as clients get it, live or read later. */
export function toRoomEvent(entry: Entry, users: Users): RoomEvent {
  const { roomId, seq, event, userId } = entry;
  switch (event) {
    case 'message_created':
      return { event, roomId, seq, data: { message: toMessage(entry), user: userFrom(users, userId) } };
    case 'member_joined':
      return { event, roomId, seq, data: { user: userFrom(users, userId) } };
    case 'member_left':
      return { event, roomId, seq, data: { userId, ...entry.data } };
    case 'room_renamed':
      return { event, roomId, seq, data: { userId, ...entry.data } };
  }
}
