import type { RoomEvent } from './events.ts';
import type { AttachmentId, InvitationId, MessageId, RoomId, UserId } from './ids.ts';

export interface User {
  readonly userId: UserId;
  readonly displayName: string;
}

/** Oneself: the only person whose e-mail address one is told. */
export interface OwnUser extends User {
  readonly email: string;
}

export const MEMBER_ROLES = ['owner', 'member'] as const;
/** An owner may also rename the room and remove people; who makes a room is its first owner. */
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** Somebody in a room. */
export interface Member extends User {
  /** Missing where the release before answered. */
  readonly role?: MemberRole;
  /** seq up to which they have read; in rooms of up to LIMITS.membersWithReceipts only. */
  readonly readSeq?: number;
}

export const PRESENCE_STATUSES = ['online', 'away', 'offline'] as const;
export type PresenceStatus = (typeof PRESENCE_STATUSES)[number];

export interface Presence {
  readonly userId: UserId;
  readonly status: PresenceStatus;
  /** When they were last connected; missing where nothing is known, and while they are. */
  readonly lastSeenAt?: number;
}

export interface Room {
  readonly roomId: RoomId;
  /** null: the room has no name and is shown by its members. */
  readonly name: string | null;
  /** The first five, in the order they joined. */
  readonly members: readonly User[];
  readonly memberCount: number;
  readonly createdAt: number;
}

export interface Attachment {
  readonly attachmentId: AttachmentId;
  readonly contentType: string;
  readonly size: number;
  readonly width: number;
  readonly height: number;
}

/** One emoji under a message. */
export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  /** Who, in the order they reacted: the first LIMITS.usersPerReaction. */
  readonly userIds: readonly UserId[];
  /** Whether one is among them oneself: in answers only, never in what is broadcast. */
  readonly mine?: boolean;
}

export interface Message {
  readonly roomId: RoomId;
  readonly seq: number;
  readonly messageId: MessageId;
  readonly userId: UserId;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly createdAt: number;
  /** When its text was last changed. */
  readonly editedAt?: number;
  /** It was deleted, and keeps its place: without text, attachments, mentions and reactions. */
  readonly deletedAt?: number;
  /** The message that it answers, of the same room. */
  readonly replyTo?: MessageId;
  /** Who is called by name in it, as `@displayName`. */
  readonly mentions?: readonly UserId[];
  readonly reactions: readonly Reaction[];
}

/** A message whose text may have been cut for a list. */
export interface LastMessage extends Message {
  readonly truncated?: true;
}

/** A room as it stands in one's own list. Unread messages are `count - readCount`; memberCount is that at the head. */
export interface RoomSummary extends Room {
  /** seq of the last entry of the room's log; 0 if there is none. */
  readonly head: number;
  /** Messages in the room so far. */
  readonly count: number;
  /** seq up to which one has read. */
  readonly readSeq: number;
  /** Messages up to readSeq. */
  readonly readCount: number;
  /** Unread messages that mention oneself. */
  readonly mentionCount?: number;
  /** One's own. */
  readonly role?: MemberRole;
  readonly lastMessage: LastMessage | null;
}

/** A link into a room. Only its creator receives its token, and only when it is created. */
export interface Invitation {
  readonly invitationId: InvitationId;
  readonly creatorId: UserId;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Messages as they are now, ascending by seq, and their authors. */
export interface MessagesPage {
  readonly messages: readonly Message[];
  readonly users: readonly User[];
  /** seq of the room's last entry. */
  readonly head: number;
  /** Older messages exist before the first of these. */
  readonly more: boolean;
  /** Newer messages exist after the last of these. */
  readonly moreAfter?: boolean;
}

/** Entries of the log, ascending by seq, and the users they name. */
export interface EventsPage {
  readonly events: readonly RoomEvent[];
  readonly users: readonly User[];
  readonly head: number;
}
