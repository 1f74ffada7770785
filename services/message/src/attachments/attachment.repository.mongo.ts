import type { AttachmentId, RoomId, UserId } from '@parley/protocol';
import type { Connection } from 'mongoose';
import type { BatchChanges } from '../log/batch-changes.ts';
import type { ChangeWriter } from '../log/unit-of-work.ts';
import type { MongoUnitOfWork } from '../log/unit-of-work.mongo.ts';
import { attachmentIdsOf, type AttachmentRecord, type Claim } from './attachment.ts';
import type { AttachmentRepository } from './attachment.repository.ts';
import { ATTACHMENTS } from './attachment.schema.ts';

const NO_ID = { projection: { _id: 0 } } as const;

/** Read and write concern are those of the connection. */
export class MongoAttachmentRepository implements AttachmentRepository, ChangeWriter<MongoUnitOfWork> {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async insert(record: AttachmentRecord): Promise<void> {
    await this.#attachments.insertOne({ ...record });
  }

  find(attachmentIds: readonly AttachmentId[]): Promise<AttachmentRecord[]> {
    return this.#attachments.find({ attachmentId: { $in: [...attachmentIds] } }, NO_ID).toArray();
  }

  async bytesOf(userId: UserId): Promise<number> {
    const [sum] = await this.#attachments
      .aggregate<{ bytes: number }>([
        { $match: { userId } },
        { $group: { _id: null, bytes: { $sum: '$storedBytes' } } },
      ])
      .toArray();
    return sum?.bytes ?? 0;
  }

  async claim(attachmentIds: readonly AttachmentId[], userId: UserId, claim: Claim, now: number): Promise<void> {
    const own = { attachmentId: { $in: [...attachmentIds] }, userId, state: 'open' as const };
    const claimable = { $or: [{ claim: null }, { 'claim.roomId': claim.roomId, 'claim.messageId': claim.messageId }] };
    await this.#attachments.updateMany({ ...own, ...claimable }, { $set: { claim, touchedAt: now } });
  }

  findAbandoned(before: number, limit: number): Promise<AttachmentRecord[]> {
    return this.#attachments
      .find({ state: { $in: ['open', 'collecting'] }, touchedAt: { $lt: before } }, NO_ID)
      .sort({ touchedAt: 1 })
      .limit(limit)
      .toArray();
  }

  async beginCollecting({ attachmentId, touchedAt }: AttachmentRecord): Promise<boolean> {
    const untouched = { attachmentId, touchedAt, state: { $in: ['open' as const, 'collecting' as const] } };
    const { matchedCount } = await this.#attachments.updateOne(untouched, { $set: { state: 'collecting' } });
    return matchedCount === 1;
  }

  async keep({ attachmentId, touchedAt }: AttachmentRecord): Promise<void> {
    await this.#attachments.updateOne({ attachmentId, touchedAt }, { $set: { state: 'kept' } });
  }

  async delete(attachmentId: AttachmentId): Promise<void> {
    await this.#attachments.deleteOne({ attachmentId });
  }

  /** The sweeper deletes the attachments of deleted messages; until then they can be neither read nor claimed. */
  async writeChanges(_roomId: RoomId, { deleted }: BatchChanges, { session }: MongoUnitOfWork): Promise<void> {
    const attachmentIds = deleted.flatMap(({ data }) => attachmentIdsOf(data.attachments ?? []));
    if (attachmentIds.length === 0) return;
    const collecting = { state: 'collecting' as const, touchedAt: 0 };
    await this.#attachments.updateMany({ attachmentId: { $in: attachmentIds } }, { $set: collecting }, { session });
  }

  get #attachments() {
    return this.#connection.collection<AttachmentRecord>(ATTACHMENTS);
  }
}
