import type { Attachment, AttachmentId, MessageId, RoomId, UserId } from '@parley/protocol';

/** The message that has an attachment. */
export interface Claim {
  readonly roomId: RoomId;
  readonly messageId: MessageId;
}

/**
 * What is known of an attachment besides its bytes.
 * - `open`: no message is known to have it. After a day it is collected, unless its claim turns out to be a message.
 * - `kept`: the message of its claim has it; it stays.
 * - `collecting`: it is about to go, or its message was deleted: no message can claim it and nobody see it any more.
 */
export interface AttachmentRecord extends Attachment {
  readonly userId: UserId;
  /** Of the image and its thumbnail, as they are stored. */
  readonly storedBytes: number;
  readonly thumbnailBytes: number;
  readonly state: 'open' | 'kept' | 'collecting';
  /** Once set, it never changes: an attachment is one message's only. */
  readonly claim: Claim | null;
  /** When it was made, or last claimed: milliseconds since the epoch. */
  readonly touchedAt: number;
}

export const toAttachment = (record: Attachment): Attachment => {
  const { attachmentId, contentType, size, width, height } = record;
  return { attachmentId, contentType, size, width, height };
};

export const isSameClaim = (one: Claim, other: Claim): boolean =>
  one.roomId === other.roomId && one.messageId === other.messageId;

export const attachmentIdsOf = (attachments: readonly Attachment[]): AttachmentId[] =>
  attachments.map(({ attachmentId }) => attachmentId);
