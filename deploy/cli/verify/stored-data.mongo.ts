import type { Head } from '@parley/contracts';
import { BUCKET, emptyHead, gridFsName, type AttachmentRecord, type Entry } from '@parley/message';
import { mongoMigrationOptions } from '@parley/platform';
import type { AttachmentId, RoomId } from '@parley/protocol';
import { createConnection, type Connection, type mongo } from 'mongoose';
import type { RoomState, StoredData, StoredEntry, Variant } from './stored-data.ts';

const NO_ID = { projection: { _id: 0 } } as const;

/** The database that the address names. Rejects when it cannot be reached. */
export async function openMongoData(url: string): Promise<StoredData> {
  return new MongoData(await createConnection(url, mongoMigrationOptions()).asPromise());
}

class MongoData implements StoredData {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async roomIds(): Promise<RoomId[]> {
    const roomIds = new Set<RoomId>();
    // Not distinct(), whose answer must fit into one document.
    for (const name of ['rooms', 'memberships', 'entries']) {
      const groups = this.#collection(name).aggregate<{ _id: RoomId }>([
        { $sort: { roomId: 1 } },
        { $group: { _id: '$roomId' } },
      ]);
      for await (const { _id } of groups) roomIds.add(_id);
    }
    return [...roomIds].sort();
  }

  readRoom(roomId: RoomId): Promise<RoomState> {
    // All of it as it was at one moment.
    return this.#connection.getClient().withSession({ snapshot: true }, async (session) => {
      const room = await this.#collection('rooms').findOne<NonNullable<RoomState['room']>>({ roomId }, { session });
      const head = await this.#collection('entries').findOne<Head>(
        { roomId },
        { session, sort: { roomId: -1, seq: -1 } },
      );
      const members = await this.#collection('memberships')
        .find<RoomState['members'][number]>({ roomId }, { session })
        .toArray();
      const marks = await this.#collection('membership_announcements')
        .find<{ event: string; entryId: string }>({ roomId }, { session })
        .toArray();
      const announced = await this.#collection('entries')
        .find<{ entryId: string }>({ roomId, entryId: { $in: marks.map(({ entryId }) => entryId) } }, { session })
        .toArray();
      return {
        room: room ?? undefined,
        head: head ?? emptyHead(roomId),
        members,
        unannounced: marks.filter((mark) => !announced.some(({ entryId }) => entryId === mark.entryId)),
      };
    });
  }

  async *readEntries(roomId: RoomId, { from, to }: { from: number; to: number }): AsyncIterable<StoredEntry> {
    const entries = this.#collection('entries')
      .find<Entry>({ roomId, seq: { $gte: from, $lte: to } }, NO_ID)
      .sort({ seq: 1 });
    for await (const entry of entries) yield { entry };
  }

  async doubledEntryIds(roomId: RoomId, to: number): Promise<string[]> {
    const doubled = await this.#collection('entries')
      .aggregate<{ _id: string }>(
        [
          { $match: { roomId, seq: { $lte: to } } },
          { $group: { _id: '$entryId', entries: { $sum: 1 } } },
          { $match: { entries: { $gt: 1 } } },
        ],
        { allowDiskUse: true },
      )
      .toArray();
    return doubled.map(({ _id }) => _id);
  }

  async *attachments(): AsyncIterable<AttachmentRecord> {
    yield* this.#collection('attachments').find<AttachmentRecord>({}, NO_ID);
  }

  findAttachments(attachmentIds: readonly AttachmentId[]): Promise<AttachmentRecord[]> {
    return this.#collection('attachments')
      .find<AttachmentRecord>({ attachmentId: { $in: [...attachmentIds] } }, NO_ID)
      .toArray();
  }

  async storedSize(attachmentId: AttachmentId, variant: Variant): Promise<number | undefined> {
    const file = await this.#collection(`${BUCKET}.files`).findOne({ filename: gridFsName(attachmentId, variant) });
    if (file === null) return undefined;
    const [stored] = await this.#collection(`${BUCKET}.chunks`)
      .aggregate<{ bytes: number }>([
        { $match: { files_id: file._id } },
        { $group: { _id: null, bytes: { $sum: { $binarySize: '$data' } } } },
      ])
      .toArray();
    return stored?.bytes ?? 0;
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #collection(name: string): mongo.Collection {
    const { db } = this.#connection;
    if (!db) throw new Error('There is no connection to MongoDB.');
    return db.collection(name);
  }
}
