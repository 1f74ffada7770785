import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { BUCKET, gridFsName, messageMigrations } from '@parley/message';
import { migrateMongo, mongoMigrationOptions } from '@parley/platform';
import { roomMigrations } from '@parley/room';
import { createConnection, mongo, type Connection } from 'mongoose';
import { fieldOf, type Fields, type StoredCollection } from '../stored/collections.ts';
import { ChecksumBuilder, type Checksum } from './checksum.ts';
import type { Key, StoredFile } from './source.ts';

/** The progress of the copy into this database. It stays there to record the origin of the data. */
export interface Progress {
  /** Of the source: only a copy of the same data may continue. */
  readonly fingerprint: string;
  readonly finished: boolean;
  /** The last copied key, by collection. */
  readonly copied: Readonly<Record<string, Key>>;
}

const PROGRESS = { collection: 'data_migrations', id: 'embedded' } as const;

type StoredProgress = Progress & { readonly _id: string };

/** The MongoDB to copy to. */
export class Target {
  readonly #connection: Connection;
  readonly #db: mongo.Db;

  private constructor(connection: Connection, db: mongo.Db) {
    this.#connection = connection;
    this.#db = db;
  }

  /** Rejects when it cannot be reached. */
  static async open(url: string): Promise<Target> {
    const options = { ...mongoMigrationOptions(), appName: 'parley-migrate-data' };
    const connection = await createConnection(url, options).asPromise();
    if (!connection.db) throw new Error('There is no connection to MongoDB.');
    return new Target(connection, connection.db);
  }

  /** Creates the collections and indexes of this release. */
  async prepare(): Promise<void> {
    await migrateMongo(this.#connection, 'room', roomMigrations.mongo);
    await migrateMongo(this.#connection, 'message', messageMigrations.mongo);
  }

  async isEmpty(collections: readonly StoredCollection[]): Promise<boolean> {
    for (const { name } of collections) if ((await this.#db.collection(name).findOne({})) !== null) return false;
    return true;
  }

  progress(): Promise<Progress | null> {
    return this.#progress.findOne({ _id: PROGRESS.id });
  }

  async begin(fingerprint: string): Promise<void> {
    await this.#progress.insertOne({ _id: PROGRESS.id, fingerprint, finished: false, copied: {} });
  }

  async noteCopied(name: string, key: Key): Promise<void> {
    await this.#progress.updateOne({ _id: PROGRESS.id }, { $set: { [`copied.${name}`]: key } });
  }

  async finish(): Promise<void> {
    await this.#progress.updateOne({ _id: PROGRESS.id }, { $set: { finished: true } });
  }

  /** Idempotent: documents that exist already are replaced. */
  async write({ name, key }: StoredCollection, documents: readonly Fields[]): Promise<void> {
    const fields = key.map(fieldOf);
    await this.#db.collection(name).bulkWrite(
      documents.map((document) => ({
        replaceOne: {
          filter: Object.fromEntries(fields.map((field) => [field, document[field]])),
          replacement: { ...document },
          upsert: true,
        },
      })),
      { ordered: false },
    );
  }

  async writeFile({ attachmentId, variant, path }: StoredFile): Promise<void> {
    const name = gridFsName(attachmentId, variant);
    // GridFS writes the document of the file last: if it exists, the file is complete.
    if ((await this.#bucket.find({ filename: name }).next()) !== null) return;
    // The name is also the id, so that the chunks of an interrupted copy can be found.
    const id = name as unknown as mongo.ObjectId;
    await this.#db.collection(`${BUCKET}.chunks`).deleteMany({ files_id: id });
    await pipeline(createReadStream(path), this.#bucket.openUploadStreamWithId(id, name));
  }

  async checksumOf({ name, key }: StoredCollection): Promise<Checksum> {
    const checksum = new ChecksumBuilder();
    const sort = Object.fromEntries(key.map((column) => [fieldOf(column), 1 as const]));
    const documents = this.#db
      .collection(name)
      .find({}, { projection: { _id: 0 }, allowDiskUse: true })
      .sort(sort);
    for await (const document of documents) checksum.addDocument(document);
    return checksum.end();
  }

  async checksumOfFiles(): Promise<Checksum> {
    const checksum = new ChecksumBuilder();
    for await (const { filename } of this.#bucket.find({}, { sort: { filename: 1 } })) {
      await checksum.addFile(filename, this.#bucket.openDownloadStreamByName(filename));
    }
    return checksum.end();
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  get #progress(): mongo.Collection<StoredProgress> {
    return this.#db.collection<StoredProgress>(PROGRESS.collection);
  }

  get #bucket(): mongo.GridFSBucket {
    return new mongo.GridFSBucket(this.#db, { bucketName: BUCKET });
  }
}
