import type { ActionData, MessageId, RoomId, RoomSummary, User, UserId } from '@parley/protocol';
import type { DBSchema, IDBPDatabase, IDBPObjectStore, IDBPTransaction, StoreNames } from 'idb';
import type { DraftAttachment } from '../../domain/draft-attachments.ts';
import type { OutgoingMessage } from '../../domain/outbox.ts';
import type { Timeline } from '../../domain/timeline.ts';
import type { TimelineEntry } from '../../domain/timeline.ts';

export type WithoutBlob<Attachment extends DraftAttachment> = Omit<Attachment, 'blob'>;

interface DraftRecord {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly text: string;
  readonly images: readonly WithoutBlob<DraftAttachment>[];
  /** Missing in records of builds without replies. */
  readonly replyTo?: MessageId | null;
  readonly updatedAt: number;
}

type MessageRecord = Omit<OutgoingMessage, 'images'> & {
  readonly images: readonly WithoutBlob<OutgoingMessage['images'][number]>[];
};

interface AttachmentRecord {
  readonly imageId: string;
  readonly blob: Blob;
}

/** `members`: those whose names are known; missing in records of older builds. */
export type OutgoingRoom = ActionData<'create_room'> & { readonly members?: readonly User[] };

/** The end of a room's log, with the users in it. */
export interface CachedLog {
  readonly timeline: Timeline;
  readonly users: readonly User[];
  /** When a tab last had it open. */
  readonly usedAt: number;
}

export interface Schema extends DBSchema {
  /** The key is `${userId}_${roomId}`. */
  draftMessage: { key: string; value: DraftRecord };
  outgoingMessage: { key: MessageId; value: MessageRecord };
  /** The blobs of attachments, in a store of their own: saving a draft or a message does not rewrite them. */
  messageImage: { key: string; value: AttachmentRecord };
  /** Rooms that the server has not created yet. */
  outgoingRoom: { key: RoomId; value: OutgoingRoom };
  /** `epoch`: of the server's data; missing in records of older builds. */
  cachedRoom: { key: RoomId; value: RoomSummary & { readonly epoch?: string } };
  cachedLog: { key: RoomId; value: CachedLog };
}

type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>;

/** The migration to each version, oldest first. */
const MIGRATIONS: readonly ((database: IDBPDatabase<Schema>, transaction: Upgrade) => void | Promise<void>)[] = [
  (database) => {
    database.createObjectStore('draftMessage');
    database.createObjectStore('outgoingMessage', { keyPath: 'messageId' });
  },
  async (database, transaction) => {
    database.createObjectStore('messageImage', { keyPath: 'imageId' });
    for (const name of ['draftMessage', 'outgoingMessage'] as const) {
      await changeAll(transaction.objectStore(name), (record) => ({ ...record, images: [] }));
    }
  },
  (database) => {
    database.createObjectStore('outgoingRoom', { keyPath: 'roomId' });
    database.createObjectStore('cachedRoom', { keyPath: 'roomId' });
    database.createObjectStore('cachedLog', { keyPath: 'timeline.roomId' });
  },
  async (_database, transaction) => {
    await changeAll(transaction.objectStore('outgoingMessage'), (message) => ({
      ...message,
      replyTo: null,
      mentions: [],
    }));
    await changeAll(transaction.objectStore('cachedRoom'), withReactions);
    await changeAll(transaction.objectStore('cachedLog'), ({ timeline, ...log }) => ({
      ...log,
      timeline: { ...timeline, entries: timeline.entries.map(inLine) },
    }));
  },
];

export const VERSION = MIGRATIONS.length;

/** Migrates step by step from the browser's version; 0: there is no database. */
export async function upgrade(database: IDBPDatabase<Schema>, from: number, transaction: Upgrade): Promise<void> {
  for (const migrate of MIGRATIONS.slice(from)) await migrate(database, transaction);
}

/** Replaces each record of a previous version. */
async function changeAll<Name extends StoreNames<Schema>>(
  store: IDBPObjectStore<Schema, StoreNames<Schema>[], Name, 'versionchange'>,
  change: (record: Schema[Name]['value']) => Schema[Name]['value'],
): Promise<void> {
  for (let cursor = await store.openCursor(); cursor; cursor = await cursor.continue()) {
    await cursor.update(change(cursor.value));
  }
}

/** Version 3 had no reactions. */
function withReactions(room: RoomSummary): RoomSummary {
  return room.lastMessage ? { ...room, lastMessage: { ...room.lastMessage, reactions: [] } } : room;
}

function inLine(entry: TimelineEntry): TimelineEntry {
  if (entry.kind === 'message') return { ...entry, message: { ...entry.message, reactions: [] } };
  return entry.kind === 'left' ? { ...entry, removedBy: null } : entry;
}
