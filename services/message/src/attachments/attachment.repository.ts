import type { AttachmentId, UserId } from '@parley/protocol';
import type { AttachmentRecord, Claim } from './attachment.ts';

/** What is known of the attachments. Every change is decided by the database in one step, and durable once resolved. */
export interface AttachmentRepository {
  insert(record: AttachmentRecord): Promise<void>;
  /** Those that exist, in no order. */
  find(attachmentIds: readonly AttachmentId[]): Promise<AttachmentRecord[]>;
  /** Of all attachments of one person. */
  bytesOf(userId: UserId): Promise<number>;
  /**
   * Gives to the message those that their uploader has uploaded, that nobody else has, and that are not being collected;
   * those that are its own already stay so. Says nothing about the outcome: find tells.
   */
  claim(attachmentIds: readonly AttachmentId[], userId: UserId, claim: Claim, now: number): Promise<void>;
  /** Not kept and last touched before the time, the longest ago first. */
  findAbandoned(before: number, limit: number): Promise<AttachmentRecord[]>;
  /** Makes it `collecting`, if nothing has touched it since it was read. Says whether it did. */
  beginCollecting(record: AttachmentRecord): Promise<boolean>;
  /** Its message is there: it stays, unless the message has been deleted since the record was read. */
  keep(record: AttachmentRecord): Promise<void>;
  delete(attachmentId: AttachmentId): Promise<void>;
}

/** Injection token of the AttachmentRepository. */
export const ATTACHMENT_REPOSITORY = Symbol('AttachmentRepository');
