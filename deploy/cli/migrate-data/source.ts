import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { attachmentPath, VARIANTS } from '@parley/message';
import { DATA_FOLDER } from '@parley/platform';
import type { AttachmentId } from '@parley/protocol';
import { STORED_COLLECTIONS, toDocument, type Fields, type Row, type StoredCollection } from '../stored/collections.ts';
import { Summing, type Checksum } from './checksum.ts';

/** The values of a record's key, in the order of its columns. */
export type Key = readonly (string | number)[];

export interface StoredFile {
  readonly attachmentId: AttachmentId;
  readonly variant: (typeof VARIANTS)[number];
  readonly path: string;
}

/** A data folder that nobody else works with. */
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

  /** All images and thumbnails that are there, in the order of their attachments. */
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
    const summing = new Summing();
    const sql = `SELECT * FROM ${collection.name} ORDER BY ${collection.key.join(', ')}`;
    for (const row of this.#database.prepare(sql).iterate()) summing.addDocument(toDocument(collection, row));
    return summing.end();
  }

  async checksumOfFiles(): Promise<Checksum> {
    const summing = new Summing();
    for (const { attachmentId, variant, path } of this.files()) {
      await summing.addFile(`${attachmentId}/${variant}`, createReadStream(path));
    }
    return summing.end();
  }

  close(): void {
    this.#database.close();
  }
}

/** What stands for the bytes of images among the collections. */
export const FILES = 'images and thumbnails';

/** Of every collection by its name, and of the FILES. */
export async function checksumsOf(source: Source): Promise<Record<string, Checksum>> {
  const sums = STORED_COLLECTIONS.map((collection) => [collection.name, source.checksumOf(collection)] as const);
  return { ...Object.fromEntries(sums), [FILES]: await source.checksumOfFiles() };
}
