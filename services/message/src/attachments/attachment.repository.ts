import type { AttachmentId, UserId } from '@parley/protocol';
import type { AttachmentRecord, Claim } from './attachment.ts';

/** The records of attachments. Every change is one atomic step in the database, and durable once resolved. */
export interface AttachmentRepository {
  insert(record: AttachmentRecord): Promise<void>;
  /** The given attachments that exist, in no order. */
  find(attachmentIds: readonly AttachmentId[]): Promise<AttachmentRecord[]>;
  /** Stored bytes of all attachments of one user. */
  bytesOf(userId: UserId): Promise<number>;
  /**
   * Gives the message those attachments that this user uploaded, that belong to no other message and that are not being
   * collected. The outcome is not returned: read it with find.
   */
  claim(attachmentIds: readonly AttachmentId[], userId: UserId, claim: Claim, now: number): Promise<void>;
  /** Attachments that are not kept and were last touched before this time, oldest first. */
  findAbandoned(before: number, limit: number): Promise<AttachmentRecord[]>;
  /** Makes it `collecting` unless it was touched since it was read. Returns whether it did. */
  beginCollecting(record: AttachmentRecord): Promise<boolean>;
  /** Makes it `kept`, unless its message was deleted since the record was read. */
  keep(record: AttachmentRecord): Promise<void>;
  delete(attachmentId: AttachmentId): Promise<void>;
}

/** Injection token of the AttachmentRepository. */
export const ATTACHMENT_REPOSITORY = Symbol('AttachmentRepository');
