import type { AttachmentId, InvitationId, MessageId, RoomId, UserId } from './ids.ts';

export interface User {
  readonly userId: UserId;
  readonly displayName: string;
}

/** The current user: the only one whose e-mail address is visible. */
export interface OwnUser extends User {
  readonly email: string;
}

export const MEMBER_ROLES = ['owner', 'member'] as const;
/** Owners may also rename the room and remove members. The creator of a room is its first owner. */
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** A user in a room. */
export interface Member extends User {
  /** Absent in answers of the previous release. */
  readonly role?: MemberRole;
  /** Last seq that the member has read; in rooms of up to LIMITS.membersWithReceipts only. */
  readonly readSeq?: number;
}

export const PRESENCE_STATUSES = ['online', 'away', 'offline'] as const;
export type PresenceStatus = (typeof PRESENCE_STATUSES)[number];

export interface Presence {
  readonly userId: UserId;
  readonly status: PresenceStatus;
  /** When the user was last connected; absent while connected, and if unknown. */
  readonly lastSeenAt?: number;
}

export interface Room {
  readonly roomId: RoomId;
  /** null: the room has no name, and clients show the members' names. */
  readonly name: string | null;
  /** The first five, in the order in which they joined. */
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
  /** The first LIMITS.usersPerReaction users, in the order in which they reacted. */
  readonly userIds: readonly UserId[];
  /** Whether the current user is among them: in answers only, never in broadcasts. */
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
  /** Set on a deleted message, which keeps its seq but loses text, attachments, mentions and reactions. */
  readonly deletedAt?: number;
  /** The message of the same room that this one answers. */
  readonly replyTo?: MessageId;
  /** Users mentioned in the text, as `@displayName`. */
  readonly mentions?: readonly UserId[];
  readonly reactions: readonly Reaction[];
}

/** A message whose text may be cut, for a list. */
export interface LastMessage extends Message {
  readonly truncated?: true;
}

/** A room in the current user's list. Unread messages: `count - readCount`. `memberCount` applies at the head. */
export interface RoomSummary extends Room {
  /** seq of the last entry of the room's log; 0: the log is empty. */
  readonly head: number;
  /** Messages in the room so far. */
  readonly count: number;
  /** Last seq that the current user has read. */
  readonly readSeq: number;
  /** Messages up to readSeq. */
  readonly readCount: number;
  /** Unread messages that mention the current user. */
  readonly mentionCount?: number;
  /** The current user's role. */
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
