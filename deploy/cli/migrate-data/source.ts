import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { attachmentPath, VARIANTS } from '@parley/message';
import { DATA_FOLDER } from '@parley/platform';
import type { AttachmentId } from '@parley/protocol';
import { STORED_COLLECTIONS, toDocument, type Fields, type Row, type StoredCollection } from '../stored/collections.ts';
import { ChecksumBuilder, type Checksum } from './checksum.ts';

/** The values of a record's key, in the order of its columns. */
export type Key = readonly (string | number)[];

export interface StoredFile {
  readonly attachmentId: AttachmentId;
  readonly variant: (typeof VARIANTS)[number];
  readonly path: string;
}

/** A data folder that no other process uses. */
export class Source {
  readonly #folder: string;
  readonly #database: DatabaseSync;

  constructor(folder: string) {
    this.#folder = folder;
    this.#database = new DatabaseSync(join(folder, DATA_FOLDER.database), { readOnly: true });
  }

  /** Up to `limit` records after the one with the key `after`, in the order of their keys. */
  read(collection: StoredCollection, after: Key | undefined, limit: number): { key: Key; document: Fields }[] {
    const { name, key } = collection;
    const columns = key.join(', ');
    const condition = after === undefined ? '' : `WHERE (${columns}) > (${key.map(() => '?').join(', ')})`;
    const sql = `SELECT * FROM ${name} ${condition} ORDER BY ${columns} LIMIT ?`;
    const params: SQLInputValue[] = [...(after ?? []), limit];
    return this.#database
      .prepare(sql)
      .all(...params)
      .map((row: Row) => ({
        key: key.map((column) => row[column] as string | number),
        document: toDocument(collection, row),
      }));
  }

  /** All existing images and thumbnails, in the order of their attachmentIds. */
  *files(): Iterable<StoredFile> {
    const rows = this.#database.prepare('SELECT attachment_id FROM attachments ORDER BY attachment_id').all();
    for (const row of rows) {
      const attachmentId = row['attachment_id'] as AttachmentId;
      for (const variant of VARIANTS) {
        const path = attachmentPath(join(this.#folder, DATA_FOLDER.attachments), attachmentId, variant);
        if (existsSync(path)) yield { attachmentId, variant, path };
      }
    }
  }

  checksumOf(collection: StoredCollection): Checksum {
    const checksum = new ChecksumBuilder();
    const sql = `SELECT * FROM ${collection.name} ORDER BY ${collection.key.join(', ')}`;
    for (const row of this.#database.prepare(sql).iterate()) checksum.addDocument(toDocument(collection, row));
    return checksum.end();
  }

  async checksumOfFiles(): Promise<Checksum> {
    const checksum = new ChecksumBuilder();
    for (const { attachmentId, variant, path } of this.files()) {
      await checksum.addFile(`${attachmentId}/${variant}`, createReadStream(path));
    }
    return checksum.end();
  }

  close(): void {
    this.#database.close();
  }
}

/** The name of the image files among the checksums of collections. */
export const FILES = 'images and thumbnails';

/** The checksum of each collection by name, and of FILES. */
export async function checksumsOf(source: Source): Promise<Record<string, Checksum>> {
  const sums = STORED_COLLECTIONS.map((collection) => [collection.name, source.checksumOf(collection)] as const);
  return { ...Object.fromEntries(sums), [FILES]: await source.checksumOfFiles() };
}
