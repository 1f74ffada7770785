import type { Readable } from 'node:stream';
import type { AttachmentVariant, ByteRange } from '@parley/contracts';
import type { AttachmentId } from '@parley/protocol';

/** Where the bytes of attachments lie. */
export interface AttachmentBytes {
  /** Durable once resolved. */
  store(attachmentId: AttachmentId, variant: AttachmentVariant, bytes: Uint8Array): Promise<void>;
  /** Fails when they are not there; `range` lies within them. */
  read(attachmentId: AttachmentId, variant: AttachmentVariant, range?: ByteRange): Readable;
  /** All that is there of it, also of a storing that was broken off. */
  delete(attachmentId: AttachmentId): Promise<void>;
}

/** Injection token of the AttachmentBytes. */
export const ATTACHMENT_BYTES = Symbol('AttachmentBytes');

export const VARIANTS = ['image', 'thumbnail'] as const satisfies readonly AttachmentVariant[];
