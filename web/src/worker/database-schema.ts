import type { ActionData, MessageId, RoomId, RoomSummary, User, UserId } from '@parley/protocol';
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { DraftImage } from '../domain/images.ts';
import type { OutgoingMessage } from '../domain/outbox.ts';
import type { Timeline } from '../domain/timeline.ts';

export type WithoutBlob<Image extends DraftImage> = Omit<Image, 'blob'>;

interface DraftRecord {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly text: string;
  readonly images: readonly WithoutBlob<DraftImage>[];
  readonly updatedAt: number;
}

type MessageRecord = Omit<OutgoingMessage, 'images'> & {
  readonly images: readonly WithoutBlob<OutgoingMessage['images'][number]>[];
};

interface ImageRecord {
  readonly imageId: string;
  readonly blob: Blob;
}

/** `members`: those whose names are known; a build before this one stored none. */
export type OutgoingRoom = ActionData<'create_room'> & { readonly members?: readonly User[] };

/** The end of a room's log, with the people it speaks of. */
export interface CachedLog {
  readonly timeline: Timeline;
  readonly users: readonly User[];
  /** When a tab last had it open. */
  readonly usedAt: number;
}

export interface Schema extends DBSchema {
  /** key: `${userId}_${roomId}` */
  draftMessage: { key: string; value: DraftRecord };
  outgoingMessage: { key: MessageId; value: MessageRecord };
  /** Apart from what they belong to: to type or to be sent moves no megabytes. */
  messageImage: { key: string; value: ImageRecord };
  /** Rooms that the server has not made yet. */
  outgoingRoom: { key: RoomId; value: OutgoingRoom };
  cachedRoom: { key: RoomId; value: RoomSummary };
  cachedLog: { key: RoomId; value: CachedLog };
}

type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>;

/** What each version brings, oldest first. */
const MIGRATIONS: readonly ((database: IDBPDatabase<Schema>, transaction: Upgrade) => void | Promise<void>)[] = [
  (database) => {
    database.createObjectStore('draftMessage');
    database.createObjectStore('outgoingMessage', { keyPath: 'messageId' });
  },
  async (database, transaction) => {
    database.createObjectStore('messageImage', { keyPath: 'imageId' });
    for (const name of ['draftMessage', 'outgoingMessage'] as const) await addImages(transaction.objectStore(name));
  },
  (database) => {
    database.createObjectStore('outgoingRoom', { keyPath: 'roomId' });
    database.createObjectStore('cachedRoom', { keyPath: 'roomId' });
    database.createObjectStore('cachedLog', { keyPath: 'timeline.roomId' });
  },
];

export const VERSION = MIGRATIONS.length;

/** From the version that a browser has, step by step; 0: it has none. */
export async function upgrade(database: IDBPDatabase<Schema>, from: number, transaction: Upgrade): Promise<void> {
  for (const migrate of MIGRATIONS.slice(from)) await migrate(database, transaction);
}

/** Of version 1, where nothing had images. */
async function addImages(store: {
  openCursor(): Promise<{ value: object; update(value: never): Promise<unknown>; continue(): Promise<unknown> } | null>;
}): Promise<void> {
  type Cursor = Awaited<ReturnType<typeof store.openCursor>>;
  for (let cursor = await store.openCursor(); cursor; cursor = (await cursor.continue()) as Cursor) {
    await cursor.update({ ...cursor.value, images: [] } as never);
  }
}
