import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { AttachmentVariant, ByteRange } from '@parley/contracts';
import type { AttachmentId } from '@parley/protocol';
import type { AttachmentBytes } from './attachment-bytes.ts';

/** Files of a folder, one folder for each attachment: `{folder}/{last two of the id}/{id}/{variant}`. */
export class FileAttachmentBytes implements AttachmentBytes {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async store(attachmentId: AttachmentId, variant: AttachmentVariant, bytes: Uint8Array): Promise<void> {
    const path = join(this.#folderOf(attachmentId), variant);
    await mkdir(dirname(path), { recursive: true });
    const file = await open(`${path}.part`, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
    // A file is there after a power cut only when its folder's entry is, too.
    for (const folder of [dirname(path), dirname(dirname(path)), this.#folder]) await syncFolder(folder);
  }

  read(attachmentId: AttachmentId, variant: AttachmentVariant, range?: ByteRange): Readable {
    return createReadStream(join(this.#folderOf(attachmentId), variant), range);
  }

  async delete(attachmentId: AttachmentId): Promise<void> {
    await rm(this.#folderOf(attachmentId), { recursive: true, force: true });
  }

  /** An attachmentId is letters, digits and hyphens: it leads nowhere else. */
  #folderOf(attachmentId: AttachmentId): string {
    return join(this.#folder, attachmentId.slice(-2), attachmentId);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
