import type { Head, RoomChangeEntry } from '@parley/contracts';
import type { Attachment, MessageId, Reaction, UserId } from '@parley/protocol';

/** The content of a message as it is now. A property that does not apply is absent. */
export interface MessageContent {
  readonly text: string;
  readonly attachments?: readonly Attachment[];
  readonly replyTo?: MessageId;
  readonly mentions?: readonly UserId[];
  readonly editedAt?: number;
  /** The message was deleted: it has no text, attachments or reactions any more. */
  readonly deletedAt?: number;
  readonly reactions?: readonly Reaction[];
  /** contentDigest of the content as first sent; set by the first change, so that a retry is still recognised. */
  readonly original?: string;
}

/** A message on its way into the log, or in it. entryId is its messageId. */
export interface NewMessageEntry {
  readonly event: 'message_created';
  readonly entryId: MessageId;
  readonly userId: UserId;
  readonly data: MessageContent;
}

/** The author's edit of a message. Without `mentions`, an edit to the same text is no change. */
export interface MessageUpdate {
  readonly event: 'message_updated';
  readonly entryId: string;
  readonly userId: UserId;
  readonly data: { readonly messageId: MessageId; readonly text: string; readonly mentions?: readonly UserId[] };
}

export interface MessageDeletion {
  readonly event: 'message_deleted';
  readonly entryId: string;
  readonly userId: UserId;
  readonly data: { readonly messageId: MessageId };
}

export interface ReactionToggle {
  readonly event: 'reaction_changed';
  readonly entryId: string;
  readonly userId: UserId;
  readonly data: { readonly messageId: MessageId; readonly emoji: string; readonly on: boolean };
}

/** A requested change of a message. Each request has a new entryId; one that changes nothing makes no entry. */
export type MessageChange = MessageUpdate | MessageDeletion | ReactionToggle;

/**
 * Stands in types for the name of every kind of entry that only a later release knows: a literal, so that the
 * compiler tells it from the known names. No value is equal to it: ask isUnknown.
 */
export type UnknownEvent = '(unknown)';

/**
 * An entry of a kind that a later release added. It takes a seq like every entry; readers skip it and count nothing for
 * it. Nothing is known of its data, which may be any JSON value.
 */
export interface NewUnknownEntry {
  readonly event: UnknownEvent;
  readonly entryId: string;
  readonly userId: UserId;
  readonly data: unknown;
}

/** A new entry that the log stores as it was sent. */
export type VerbatimEntry = NewMessageEntry | RoomChangeEntry | NewUnknownEntry;

/** An entry on its way into a room's log. */
export type NewEntry = VerbatimEntry | MessageChange;

/** The changed message and its seq. */
interface Changed {
  readonly messageId: MessageId;
  readonly messageSeq: number;
}

/** A change as the log stores it. The message's own entry has the resulting content. */
export type ChangeRecord =
  | (Omit<MessageUpdate, 'data'> & { readonly data: Changed })
  | (Omit<MessageDeletion, 'data'> & { readonly data: Changed & { readonly deletedAt: number } })
  | (Omit<ReactionToggle, 'data'> & { readonly data: Changed & { readonly emoji: string; readonly on: boolean } });

/** An entry without its seq and counts. */
export type UnsequencedEntry = VerbatimEntry | ChangeRecord;

/** An entry of a room's log: the event, its seq, and the room's counts up to and including it. */
export type Entry = UnsequencedEntry & Head;

export type MessageEntry = NewMessageEntry & Head;
export type UnknownEntry = NewUnknownEntry & Head;
export type ChangeEntry = ChangeRecord & Head;

/** Messages by messageId, as they are now. */
export type Messages = ReadonlyMap<MessageId, MessageEntry>;

export const isMessage = (entry: Entry): entry is MessageEntry => entry.event === 'message_created';

/** True for entries that the room service sends, of known and unknown kinds; members send all others. */
export const isRoomChange = <Of extends { readonly event: NewEntry['event'] }>(
  one: Of,
): one is Of & { readonly event: RoomChangeEntry['event'] | UnknownEvent } =>
  !isChange(one) && one.event !== 'message_created';

const KNOWN_EVENTS: Readonly<Record<Exclude<NewEntry['event'], UnknownEvent>, true>> = {
  message_created: true,
  message_updated: true,
  message_deleted: true,
  reaction_changed: true,
  member_joined: true,
  member_left: true,
  room_renamed: true,
};

export const isUnknown = <Of extends { readonly event: NewEntry['event'] }>(
  one: Of,
): one is Of & { readonly event: UnknownEvent } => !Object.hasOwn(KNOWN_EVENTS, one.event);

const CHANGES: readonly NewEntry['event'][] = ['message_updated', 'message_deleted', 'reaction_changed'];

export const isChange = <Of extends { readonly event: NewEntry['event'] }>(
  one: Of,
): one is Of & { readonly event: MessageChange['event'] } => CHANGES.includes(one.event);

/** The users that a new entry mentions. */
export const mentionedBy = (newEntry: NewEntry): readonly UserId[] =>
  newEntry.event === 'message_created' || newEntry.event === 'message_updated' ? (newEntry.data.mentions ?? []) : [];

export const headOf = ({ roomId, seq, count, memberDelta, messageSeq, at }: Head): Head => ({
  roomId,
  seq,
  count,
  memberDelta,
  messageSeq,
  at,
});
