import type { Attachment, AttachmentId, MessageId, RoomId, UserId } from '@parley/protocol';

/** The message to which an attachment belongs. */
export interface Claim {
  readonly roomId: RoomId;
  readonly messageId: MessageId;
}

/**
 * The record of an attachment, without its bytes.
 * - `open`: no message is known to have it. After a day it is collected, unless the message of its claim is in the log.
 * - `kept`: the message of its claim has it.
 * - `collecting`: it is being deleted, or its message was deleted. No message can claim it and no user can read it.
 */
export interface AttachmentRecord extends Attachment {
  readonly userId: UserId;
  /** Stored bytes of the image and its thumbnail. */
  readonly storedBytes: number;
  readonly thumbnailBytes: number;
  readonly state: 'open' | 'kept' | 'collecting';
  /** Never changes once set: an attachment belongs to one message. */
  readonly claim: Claim | null;
  /** When it was created or last claimed: milliseconds since the epoch. */
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
