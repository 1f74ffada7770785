import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AttachmentVariant, ByteRange } from '@parley/contracts';
import type { AttachmentId } from '@parley/protocol';
import { mongo, type Connection } from 'mongoose';
import { VARIANTS, type AttachmentBytes } from './attachment-bytes.ts';
import { BUCKET } from './attachment.schema.ts';

/** In GridFS. Read and write concern are those of the connection. */
export class GridFsAttachmentBytes implements AttachmentBytes {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async store(attachmentId: AttachmentId, variant: AttachmentVariant, bytes: Uint8Array): Promise<void> {
    await pipeline([Buffer.from(bytes)], this.#bucket().openUploadStream(gridFsName(attachmentId, variant)));
  }

  read(attachmentId: AttachmentId, variant: AttachmentVariant, range?: ByteRange): Readable {
    // The end of a GridFS range is exclusive.
    const options = range === undefined ? {} : { start: range.start, end: range.end + 1 };
    const download = this.#bucket().openDownloadStreamByName(gridFsName(attachmentId, variant), options);
    // The driver's stream does not behave like Node's when it is ended early; a PassThrough passes on errors and the end.
    const passed = new PassThrough();
    pipeline(download, passed).catch(() => undefined);
    return passed;
  }

  async delete(attachmentId: AttachmentId): Promise<void> {
    const bucket = this.#bucket();
    const filename = { $in: VARIANTS.map((variant) => gridFsName(attachmentId, variant)) };
    for (const { _id } of await bucket.find({ filename }).toArray()) await bucket.delete(_id);
  }

  #bucket(): mongo.GridFSBucket {
    const { db } = this.#connection;
    if (!db) throw new Error('There is no connection to MongoDB.');
    return new mongo.GridFSBucket(db, { bucketName: BUCKET });
  }
}

/** The name of one variant's file in the bucket. */
export const gridFsName = (attachmentId: AttachmentId, variant: AttachmentVariant): string =>
  `${attachmentId}/${variant}`;
