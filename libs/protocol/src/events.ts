import type { MessageId, RoomId, UserId } from './ids.ts';
import type { Message, PresenceStatus, Reaction, RoomSummary, User } from './model.ts';

/**
 * The data of a room log's entries, by event. Entries that are read later show the present state, so that applying them
 * again changes nothing.
 */
export interface RoomEvents {
  message_created: { readonly message: Message; readonly user: User };
  member_joined: { readonly user: User };
  /** `removedBy`: the owner who removed the user. `newOwnerId`: the new owner, when the last owner left. */
  member_left: { readonly userId: UserId; readonly removedBy?: UserId; readonly newOwnerId?: UserId };
  message_updated: { readonly message: Message; readonly user: User };
  /** `messageSeq`: the seq of the message. */
  message_deleted: {
    readonly messageId: MessageId;
    readonly messageSeq: number;
    readonly userId: UserId;
    readonly deletedAt: number;
  };
  /** A user added or removed an emoji. `reactions`: all reactions after that. */
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

/** Events of a connection besides its rooms' logs. */
export interface ConnectionEvents {
  room_created: { readonly room: RoomSummary };
  room_removed: { readonly roomId: RoomId };
  /** To the reader's own connections (with the counts), and in rooms of up to LIMITS.membersWithReceipts to all members. */
  room_read: {
    readonly roomId: RoomId;
    readonly userId: UserId;
    readonly seq: number;
    readonly readCount?: number;
    readonly mentionCount?: number;
  };
  /** Shown for TYPING_SHOWN_MS, or until a message of the user arrives. */
  typing: { readonly roomId: RoomId; readonly userId: UserId };
  /** Of users who share a room of up to LIMITS.membersWithPresence with the current user. */
  presence_changed: { readonly userId: UserId; readonly status: PresenceStatus; readonly lastSeenAt?: number };
  /** The client must fetch the logs of these rooms again, or, without roomIds, its list of rooms. */
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

/** Entries of the log, ascending by seq, and the users they name. */
export interface EventsPage {
  readonly events: readonly RoomEvent[];
  readonly users: readonly User[];
  readonly head: number;
}
