import { Inject, Injectable } from '@nestjs/common';
import { ParleyError, type AttachmentContent, type AttachmentVariant, type ByteRange } from '@parley/contracts';
import { BoundedQueue, uuidv7 } from '@parley/platform';
import { LIMITS, type Attachment, type AttachmentId, type UserId } from '@parley/protocol';
import { MEMBERS_READER, type MembersReader } from '../members/members.reader.ts';
import { toAttachment, type AttachmentRecord } from './attachment.ts';
import { ATTACHMENT_BYTES, type AttachmentBytes } from './attachment-bytes.ts';
import { ATTACHMENT_REPOSITORY, type AttachmentRepository } from './attachment.repository.ts';
import { processImage, THUMBNAIL_TYPE, type ProcessedImage } from './image-processor.ts';
import { TimeLimit } from './time-limit.ts';

/** Uploads of at most 10 MiB that wait in memory. */
const MAX_WAITING = 16;
const SECONDS_PER_IMAGE = 20;
const RETRY_AFTER_MS = 2_000;

/** Injection token: most bytes that one user's attachments may occupy; 0: no limit. */
export const ATTACHMENT_QUOTA = Symbol('AttachmentQuota');

/** Creates attachments from uploads, and reads them for users who may see them. */
@Injectable()
export class AttachmentService {
  readonly #repository: AttachmentRepository;
  readonly #bytes: AttachmentBytes;
  readonly #members: MembersReader;
  readonly #quota: number;
  readonly #queue = new BoundedQueue({ concurrency: 1, maxWaiting: MAX_WAITING, fullError: tooManyWaiting });

  constructor(
    @Inject(ATTACHMENT_REPOSITORY) repository: AttachmentRepository,
    @Inject(ATTACHMENT_BYTES) bytes: AttachmentBytes,
    @Inject(MEMBERS_READER) members: MembersReader,
    @Inject(ATTACHMENT_QUOTA) quota: number,
  ) {
    this.#repository = repository;
    this.#bytes = bytes;
    this.#members = members;
    this.#quota = quota;
  }

  /** Rejects with `invalid`, `too_large` or `unavailable`. */
  async create(userId: UserId, content: Uint8Array): Promise<Attachment> {
    if (content.byteLength > LIMITS.attachmentBytes) throw tooManyBytes();
    const processed = await this.#process(content);
    const record = newRecord(userId, processed);
    const { attachmentId } = record;
    // Stored before its bytes: an upload that fails here is collected like an upload that no message claims.
    await this.#repository.insert(record);
    // The sum includes this attachment, so that two concurrent uploads cannot both be the last that fits.
    if (this.#quota > 0 && (await this.#repository.bytesOf(userId)) > this.#quota) {
      await this.#repository.delete(attachmentId);
      throw quotaReached(this.#quota);
    }
    try {
      await this.#bytes.store(attachmentId, 'image', processed.image);
      await this.#bytes.store(attachmentId, 'thumbnail', processed.thumbnail);
    } catch (error) {
      // Not awaited: without a database it would delay the answer by another timeout.
      void this.#giveUp(attachmentId);
      throw error;
    }
    return toAttachment(record);
  }

  /** Frees the space and the quota of an attachment that could not be stored. */
  async #giveUp(attachmentId: AttachmentId): Promise<void> {
    try {
      await this.#bytes.delete(attachmentId);
      await this.#repository.delete(attachmentId);
    } catch {
      // The sweeper deletes it in a day.
    }
  }

  /** Rejects with `not_found`, and with `invalid` for a range that is not within it. */
  async read(request: {
    userId: UserId;
    attachmentId: AttachmentId;
    variant: AttachmentVariant;
    range?: ByteRange;
  }): Promise<AttachmentContent> {
    const { userId, attachmentId, variant, range } = request;
    const [record] = await this.#repository.find([attachmentId]);
    if (record === undefined || !(await this.#maySee(userId, record))) throw notFound();
    const isThumbnail = variant === 'thumbnail';
    const size = isThumbnail ? record.thumbnailBytes : record.size;
    if (range !== undefined && (range.start > range.end || range.end >= size)) throw outOfRange(size);
    const contentType = isThumbnail ? THUMBNAIL_TYPE : record.contentType;
    return { contentType, size, content: this.#bytes.read(attachmentId, variant, range) };
  }

  #process(content: Uint8Array): Promise<ProcessedImage> {
    return this.#queue.run(() => processImage(content, new TimeLimit(SECONDS_PER_IMAGE)));
  }

  async #maySee(userId: UserId, { userId: uploader, claim, state }: AttachmentRecord): Promise<boolean> {
    if (state === 'collecting') return false;
    if (claim === null) return userId === uploader;
    return (await this.#members.findMembers(claim.roomId, [userId])).has(userId);
  }
}

function newRecord(userId: UserId, { contentType, width, height, image, thumbnail }: ProcessedImage): AttachmentRecord {
  return {
    ...{ attachmentId: uuidv7() as AttachmentId, userId, contentType, width, height },
    size: image.byteLength,
    thumbnailBytes: thumbnail.byteLength,
    storedBytes: image.byteLength + thumbnail.byteLength,
    state: 'open',
    claim: null,
    touchedAt: Date.now(),
  };
}

/** The same for an attachment that does not exist and for one that the user may not see. */
const notFound = (): ParleyError => new ParleyError('not_found', 'There is no such attachment.');

const outOfRange = (size: number): ParleyError => new ParleyError('invalid', `The range is not within ${size} bytes.`);

const tooManyBytes = (): ParleyError =>
  new ParleyError('too_large', `An image may have at most ${LIMITS.attachmentBytes / 2 ** 20} MiB: make it smaller.`);

const quotaReached = (quota: number): ParleyError =>
  new ParleyError(
    'too_large',
    `Your images would need more than the ${Math.floor(quota / 2 ** 20)} MiB that you may use: ` +
      'send it smaller, or ask the operator of this server for more.',
  );

const tooManyWaiting = (): ParleyError =>
  new ParleyError('unavailable', 'Too many images are being processed. Send it again in a moment.', {
    retryAfterMs: RETRY_AFTER_MS,
  });
