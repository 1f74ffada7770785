import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { AttachmentVariant, ByteRange } from '@parley/contracts';
import { diskFull } from '@parley/platform';
import type { AttachmentId } from '@parley/protocol';
import type { AttachmentBytes } from './attachment-bytes.ts';

/** Files in one folder for each attachment: `{folder}/{last two characters of the id}/{id}/{variant}`. */
export class FileAttachmentBytes implements AttachmentBytes {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async store(attachmentId: AttachmentId, variant: AttachmentVariant, bytes: Uint8Array): Promise<void> {
    const path = attachmentPath(this.#folder, attachmentId, variant);
    try {
      await this.#write(path, bytes);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      await rm(`${path}.part`, { force: true });
      throw diskFull(error);
    }
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(`${path}.part`, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
    // A file survives a power failure only if the entries of its folders are on the disk, too.
    for (const folder of [dirname(path), dirname(dirname(path)), this.#folder]) await syncFolder(folder);
  }

  read(attachmentId: AttachmentId, variant: AttachmentVariant, range?: ByteRange): Readable {
    const stream = createReadStream(attachmentPath(this.#folder, attachmentId, variant), range);
    // A reader may destroy the stream before the file is opened. If that fails, an error follows without a listener.
    return stream.on('error', () => undefined);
  }

  async delete(attachmentId: AttachmentId): Promise<void> {
    await rm(folderOf(this.#folder, attachmentId), { recursive: true, force: true });
  }
}

/** The path of one variant of an attachment. */
export const attachmentPath = (folder: string, attachmentId: AttachmentId, variant: AttachmentVariant): string =>
  join(folderOf(folder, attachmentId), variant);

/** An attachmentId has only letters, digits and hyphens, so that the path cannot leave the folder. */
const folderOf = (folder: string, attachmentId: AttachmentId): string =>
  join(folder, attachmentId.slice(-2), attachmentId);

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
