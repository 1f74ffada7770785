import type { Readable } from 'node:stream';
import type { Attachment, AttachmentId, UserId } from '@parley/protocol';

/** The image itself, or a still picture of it that fits into 640 × 640 pixels. */
export type AttachmentVariant = 'image' | 'thumbnail';

/** Bytes from `start` up to and including `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The bytes that were asked for, and what they are of. */
export interface AttachmentContent {
  readonly contentType: string;
  /** Of all of it, also when only a range was asked for. */
  readonly size: number;
  readonly content: Readable;
}

/**
 * What the message service does with images. Errors are `ParleyError`s. `content` goes between processes as the body of
 * a request or an answer, never within JSON.
 */
export interface AttachmentApi {
  /**
   * Makes an attachment of an image that the person uploads: turned upright, without its metadata, encoded anew.
   * `invalid`: no image of the four formats, or a broken one. `too_large`: in bytes, in pixels, or for what the person
   * may still keep. `unavailable`: too many are being made.
   */
  createAttachment(request: { userId: UserId; content: Uint8Array }): Promise<{ attachment: Attachment }>;
  /**
   * Until a message has it, for who uploaded it; from then on for the members of the message's room. For everybody else,
   * and when there is none: `not_found`. A range that does not lie within it: `invalid`.
   */
  readAttachment(request: {
    userId: UserId;
    attachmentId: AttachmentId;
    variant: AttachmentVariant;
    range?: ByteRange;
  }): Promise<AttachmentContent>;
}

/** The methods that may be called from another process. */
export const ATTACHMENT_API_METHODS = [
  'createAttachment',
  'readAttachment',
] as const satisfies readonly (keyof AttachmentApi)[];

/** Injection token of an AttachmentApi: the service itself, or a client of it. */
export const ATTACHMENT_API = Symbol('AttachmentApi');
