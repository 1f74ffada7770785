import type { Head, RoomChangeEntry } from '@parley/contracts';
import type { Attachment, MessageId, Reaction, UserId } from '@parley/protocol';

/** What a message says, as it is now. What it does not have is missing. */
export interface MessageContent {
  readonly text: string;
  readonly attachments?: readonly Attachment[];
  readonly replyTo?: MessageId;
  readonly mentions?: readonly UserId[];
  readonly editedAt?: number;
  /** It has neither text nor anything else any more. */
  readonly deletedAt?: number;
  readonly reactions?: readonly Reaction[];
  /** contentDigest of what was sent at first, once that has changed: so that sending it again is recognised. */
  readonly original?: string;
}

/** A message on its way into the log, or in it. entryId is the messageId. */
export interface NewMessageEntry {
  readonly event: 'message_created';
  readonly entryId: MessageId;
  readonly userId: UserId;
  readonly data: MessageContent;
}

/** Another text for one's own message. Without `mentions` the same text is no change. */
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

/** A wish to change a message. entryId is new with every wish: what is so already makes no entry. */
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

/** What stands in the log as it was sent. */
export type VerbatimEntry = NewMessageEntry | RoomChangeEntry | NewUnknownEntry;

/** What is sent to a room's log. */
export type NewEntry = VerbatimEntry | MessageChange;

/** Where the changed message stands. */
interface Changed {
  readonly messageId: MessageId;
  readonly messageSeq: number;
}

/** A change that was made, as the log keeps it: what it made of the message stands in the message's own entry. */
export type ChangeRecord =
  | (Omit<MessageUpdate, 'data'> & { readonly data: Changed })
  | (Omit<MessageDeletion, 'data'> & { readonly data: Changed & { readonly deletedAt: number } })
  | (Omit<ReactionToggle, 'data'> & { readonly data: Changed & { readonly emoji: string; readonly on: boolean } });

/** What has a place in the log, without that. */
export type UnsequencedEntry = VerbatimEntry | ChangeRecord;

/** An entry of a room's log: what happened, and the end of the log as it was with this entry. */
export type Entry = UnsequencedEntry & Head;

export type MessageEntry = NewMessageEntry & Head;
export type UnknownEntry = NewUnknownEntry & Head;
export type ChangeEntry = ChangeRecord & Head;

/** Messages by messageId, as they are now. */
export type Messages = ReadonlyMap<MessageId, MessageEntry>;

export const isMessage = (entry: Entry): entry is MessageEntry => entry.event === 'message_created';

/** The room service sent it, of a kind that is known here or not; all else is sent by a member. */
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
