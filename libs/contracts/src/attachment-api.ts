import type { Readable } from 'node:stream';
import type { Attachment, AttachmentId, UserId } from '@parley/protocol';

/** The image itself, or a still thumbnail of at most 640 × 640 pixels. */
export type AttachmentVariant = 'image' | 'thumbnail';

/** Bytes from `start` up to and including `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The requested bytes, and the type and size of the whole file. */
export interface AttachmentContent {
  readonly contentType: string;
  /** Of the whole file, also for a range. */
  readonly size: number;
  readonly content: Readable;
}

/**
 * The message service's RPC API for attachments. Errors are `ParleyError`s. Between processes, `content` is the body of
 * a request or an answer, never part of JSON.
 */
export interface AttachmentApi {
  /**
   * Creates an attachment from an uploaded image: rotated upright, without metadata, encoded again.
   * `invalid`: not an image of the four formats, or a broken one. `too_large`: in bytes, in pixels, or over the user's
   * quota. `unavailable`: too many images are being processed.
   */
  createAttachment(request: { userId: UserId; content: Uint8Array }): Promise<{ attachment: Attachment }>;
  /**
   * Readable by the user who uploaded it until a message has it; from then on by the members of the message's room.
   * `not_found` for all others, and if it does not exist. `invalid`: the range is not within the file.
   */
  readAttachment(request: {
    userId: UserId;
    attachmentId: AttachmentId;
    variant: AttachmentVariant;
    range?: ByteRange;
  }): Promise<AttachmentContent>;
}

/** The methods that other processes can call. */
export const ATTACHMENT_API_METHODS = [
  'createAttachment',
  'readAttachment',
] as const satisfies readonly (keyof AttachmentApi)[];

/** Injection token of an AttachmentApi: the service itself, or an RPC client. */
export const ATTACHMENT_API = Symbol('AttachmentApi');
