import type { AttachmentId, MessageId, RoomId, UserId } from './ids.ts';

export interface User {
  readonly userId: UserId;
  readonly displayName: string;
}

/** Oneself: the only person whose e-mail address one is told. */
export interface OwnUser extends User {
  readonly email: string;
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

export interface Message {
  readonly roomId: RoomId;
  readonly seq: number;
  readonly messageId: MessageId;
  readonly userId: UserId;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly createdAt: number;
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
  readonly lastMessage: LastMessage | null;
}
