import type { Readable } from 'node:stream';
import type { AttachmentVariant, ByteRange } from '@parley/contracts';
import type { AttachmentId } from '@parley/protocol';

/** Stores the bytes of attachments. */
export interface AttachmentBytes {
  /** Durable once resolved. */
  store(attachmentId: AttachmentId, variant: AttachmentVariant, bytes: Uint8Array): Promise<void>;
  /** Fails when there are none. `range` must be within them. */
  read(attachmentId: AttachmentId, variant: AttachmentVariant, range?: ByteRange): Readable;
  /** Deletes all bytes of the attachment, also those of an interrupted store(). */
  delete(attachmentId: AttachmentId): Promise<void>;
}

/** Injection token of the AttachmentBytes. */
export const ATTACHMENT_BYTES = Symbol('AttachmentBytes');

export const VARIANTS = ['image', 'thumbnail'] as const satisfies readonly AttachmentVariant[];
