import type { MessageId, RoomId, UserId } from './ids.ts';
import type { Message, PresenceStatus, Reaction, RoomSummary, User } from './model.ts';

/**
 * What the entries of a room's log carry, by event. Read later, an entry shows what it speaks of as it is now, so that
 * applying it again changes nothing.
 */
export interface RoomEvents {
  message_created: { readonly message: Message; readonly user: User };
  member_joined: { readonly user: User };
  /** `removedBy`: the owner who removed them. `newOwnerId`: who became owner, since the last one left. */
  member_left: { readonly userId: UserId; readonly removedBy?: UserId; readonly newOwnerId?: UserId };
  message_updated: { readonly message: Message; readonly user: User };
  /** messageSeq: where the message stands. */
  message_deleted: {
    readonly messageId: MessageId;
    readonly messageSeq: number;
    readonly userId: UserId;
    readonly deletedAt: number;
  };
  /** Who set or took back which emoji, and what there is now. */
  reaction_changed: {
    readonly messageId: MessageId;
    readonly messageSeq: number;
    readonly userId: UserId;
    readonly emoji: string;
    readonly on: boolean;
    readonly reactions: readonly Reaction[];
  };
  room_renamed: { readonly name: string | null; readonly userId: UserId };
}

/** What a connection is told besides the logs of its rooms. */
export interface ConnectionEvents {
  room_created: { readonly room: RoomSummary };
  room_removed: { readonly roomId: RoomId };
  /** To the reader's own connections (with the counts), and in rooms of up to LIMITS.membersWithReceipts to all. */
  room_read: {
    readonly roomId: RoomId;
    readonly userId: UserId;
    readonly seq: number;
    readonly readCount?: number;
    readonly mentionCount?: number;
  };
  /** Shown for TYPING_SHOWN_MS, or until a message of theirs comes. */
  typing: { readonly roomId: RoomId; readonly userId: UserId };
  /** Of people with whom one shares a room of up to LIMITS.membersWithPresence. */
  presence_changed: { readonly userId: UserId; readonly status: PresenceStatus; readonly lastSeenAt?: number };
  /** Ask again: for the logs of these rooms, or, without roomIds, for one's rooms. */
  resync: { readonly roomIds?: readonly RoomId[] };
}

export type RoomEventName = keyof RoomEvents;
export type ConnectionEventName = keyof ConnectionEvents;

/** An entry of a room's log, live or read later: the same shape. seq is 1, 2, 3, … without holes. */
export type RoomEvent = {
  readonly [Name in RoomEventName]: {
    readonly event: Name;
    readonly roomId: RoomId;
    readonly seq: number;
    readonly data: RoomEvents[Name];
  };
}[RoomEventName];

export type ConnectionEvent = {
  readonly [Name in ConnectionEventName]: { readonly event: Name; readonly data: ConnectionEvents[Name] };
}[ConnectionEventName];
