import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { attachmentPath, BUCKET, emptyHead, gridFsName, sequenceEntries, VARIANTS, type Entry } from '@parley/message';
import { DATA_FOLDER, mongoConnectionOptions, uuidv7 } from '@parley/platform';
import type { AttachmentId, RoomId } from '@parley/protocol';
import { createConnection, mongo } from 'mongoose';
import { STORED_COLLECTIONS, toDocument } from '../stored/collections.ts';

/** Rows of each table; tests change them at will. */
type StoredRows = Record<string, Record<string, unknown>[]>;
/** The bytes that lie there, by attachmentId and variant (`{id}/{variant}`). */
type StoredBytes = Map<string, Buffer>;

export interface Stored {
  readonly roomId: RoomId;
  readonly attachmentId: AttachmentId;
  readonly rows: StoredRows;
  readonly bytes: StoredBytes;
}

type NewEntry = Parameters<typeof sequenceEntries>[1][number];

/** A room of two, whom a third joined, with three messages, one of them with an image, and an event of another release. */
export function healthyData(): Stored {
  const roomId = uuidv7() as RoomId;
  const attachmentId = uuidv7() as AttachmentId;
  const [ada, ben, cleo] = [uuidv7(), uuidv7(), uuidv7()];
  const image = { attachmentId, contentType: 'image/png', size: 40, width: 2, height: 2 };
  const newEntry = (event: string, userId: string, data: object): NewEntry =>
    ({ event, userId, entryId: uuidv7(), data }) as unknown as NewEntry;
  const withImage = newEntry('message_created', ben, { text: 'Look', attachments: [image] });
  const newEntries = [
    newEntry('message_created', ada, { text: 'Hello' }),
    newEntry('member_joined', cleo, {}),
    withImage,
    newEntry('said_by_a_newer_release', ada, {
      anything: true,
      user: null,
      attachments: 5,
      text: ['nested', { deep: [] }],
    }),
    newEntry('message_created', ada, { text: 'Good morning' }),
  ];
  const member = (user_id: string, join_order: number) => ({
    ...{ room_id: roomId, user_id, join_order },
    ...{ read_seq: 5, read_count: 3 },
  });
  const rows: StoredRows = {
    rooms: [
      {
        ...{
          room_id: roomId,
          name: 'Observatory',
          creator_id: ada,
          first_member_ids: JSON.stringify([ada, ben, cleo]),
        },
        ...{ initial_member_count: 2, member_count: 3, change_count: 3, created_at: 1 },
      },
    ],
    memberships: [member(ada, 1), member(ben, 2), member(cleo, 3)],
    membership_announcements: [],
    entries: sequenceEntries(emptyHead(roomId), newEntries, 1_000).map(toRow),
    attachments: [
      {
        ...{ attachment_id: attachmentId, user_id: ben, content_type: 'image/png', size: 40, width: 2, height: 2 },
        ...{ stored_bytes: 50, thumbnail_bytes: 10, state: 'open', touched_at: 1 },
        ...{ room_id: roomId, message_id: withImage.entryId },
      },
    ],
  };
  const bytes = new Map([
    [`${attachmentId}/image`, Buffer.alloc(40)],
    [`${attachmentId}/thumbnail`, Buffer.alloc(10)],
  ]);
  return { roomId, attachmentId, rows, bytes };
}

/** Into a folder, in tables without any constraint, which take every fault. */
export async function storeInFolder(folder: string, { rows, bytes, attachmentId }: Stored): Promise<void> {
  const database = new DatabaseSync(join(folder, DATA_FOLDER.database));
  for (const { name, columns } of STORED_COLLECTIONS) {
    database.exec(`CREATE TABLE ${name} (${Object.keys(columns).join(', ')})`);
    for (const row of rows[name] ?? []) {
      const names = Object.keys(row);
      const sql = `INSERT INTO ${name} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
      database.prepare(sql).run(...(Object.values(row) as SQLInputValue[]));
    }
  }
  database.close();
  for (const variant of VARIANTS) {
    const stored = bytes.get(`${attachmentId}/${variant}`);
    if (stored === undefined) continue;
    const path = attachmentPath(join(folder, DATA_FOLDER.attachments), attachmentId, variant);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, stored);
  }
}

/** Into a database without indexes, which takes every fault. */
export async function storeInMongo(url: string, { rows, bytes, attachmentId }: Stored): Promise<void> {
  const connection = await createConnection(url, mongoConnectionOptions()).asPromise();
  for (const collection of STORED_COLLECTIONS) {
    const documents = (rows[collection.name] ?? []).map((row) => ({ ...toDocument(collection, row) }));
    if (documents.length > 0) await connection.collection(collection.name).insertMany(documents);
  }
  if (!connection.db) throw new Error('There is no connection to MongoDB.');
  const bucket = new mongo.GridFSBucket(connection.db, { bucketName: BUCKET });
  for (const variant of VARIANTS) {
    const stored = bytes.get(`${attachmentId}/${variant}`);
    if (stored === undefined) continue;
    const upload = bucket.openUploadStream(gridFsName(attachmentId, variant));
    await new Promise<void>((resolve, reject) => upload.once('finish', resolve).once('error', reject).end(stored));
  }
  await connection.close();
}

function toRow({ roomId, seq, entryId, event, userId, at, count, memberDelta, messageSeq, data }: Entry) {
  return {
    ...{ room_id: roomId, seq, entry_id: entryId, event, user_id: userId, at, count },
    ...{ member_delta: memberDelta, message_seq: messageSeq, data: JSON.stringify(data) },
  };
}
