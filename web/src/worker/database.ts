import type { MessageId, RoomId, UserId } from '@parley/protocol';
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type { Clock } from '../domain/clock.ts';
import type { DraftImage } from '../domain/images.ts';
import type { OutgoingMessage } from '../domain/outbox.ts';
import type { StorageStatus } from './messages.ts';

const VERSION = 2;
const STORES = ['draftMessage', 'outgoingMessage', 'messageImage'] as const;

interface DraftRecord {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly text: string;
  readonly images: readonly WithoutBlob<DraftImage>[];
  readonly updatedAt: number;
}

type WithoutBlob<Image extends DraftImage> = Omit<Image, 'blob'>;

type MessageRecord = Omit<OutgoingMessage, 'images'> & {
  readonly images: readonly WithoutBlob<OutgoingMessage['images'][number]>[];
};

interface ImageRecord {
  readonly imageId: string;
  readonly blob: Blob;
}

interface Schema extends DBSchema {
  /** key: `${userId}_${roomId}` */
  draftMessage: { key: string; value: DraftRecord };
  outgoingMessage: { key: MessageId; value: MessageRecord };
  /** Apart from what they belong to: to type or to be sent moves no megabytes. */
  messageImage: { key: string; value: ImageRecord };
}

type Transaction = IDBPTransaction<Schema, typeof STORES, 'readwrite'>;

/** What a room's draft is to be; empty, there is none. */
export interface Draft {
  readonly text: string;
  readonly images: readonly DraftImage[];
}

export const NO_DRAFT: Draft = { text: '', images: [] };
export const isEmpty = ({ text, images }: Draft): boolean => text === '' && images.length === 0;

type Operation =
  | { readonly kind: 'put_draft'; readonly roomId: RoomId; readonly draft: Draft }
  | { readonly kind: 'put_image'; readonly image: DraftImage }
  | { readonly kind: 'delete_image'; readonly imageId: string }
  | { readonly kind: 'put_message'; readonly message: OutgoingMessage }
  | { readonly kind: 'delete_message'; readonly messageId: MessageId };

export interface Stored {
  readonly drafts: ReadonlyMap<RoomId, Draft>;
  readonly outgoing: readonly OutgoingMessage[];
}

/**
 * What must survive the browser: drafts and unsent messages. Where IndexedDB is refused or fails (private window, full
 * disk), it says `memory` and every write does nothing: the engine's own state is then all there is.
 */
export class Database {
  readonly #userId: UserId;
  readonly #clock: Clock;
  readonly #onStorage: (storage: StorageStatus) => void;
  #connection: IDBPDatabase<Schema> | null = null;

  /** @param onStorage told when writing is no longer durable */
  constructor(userId: UserId, clock: Clock, onStorage: (storage: StorageStatus) => void) {
    this.#userId = userId;
    this.#clock = clock;
    this.#onStorage = onStorage;
  }

  get storage(): StorageStatus {
    return this.#connection ? 'durable' : 'memory';
  }

  /** @param onSuperseded a newer build wants to change the schema: this one has let go of the database */
  async open(onSuperseded: () => void): Promise<Stored> {
    try {
      this.#connection = await openDB<Schema>(`parley-${this.#userId}`, VERSION, {
        upgrade: (database, from, _to, transaction) => {
          // An upgrade that fails leaves the database as it was: opening it fails.
          upgrade(database, from, transaction).catch(() => transaction.abort());
        },
        blocking: () => {
          this.close();
          onSuperseded();
        },
      });
      return await this.#load(this.#connection);
    } catch {
      this.#giveUp();
      return { drafts: new Map(), outgoing: [] };
    }
  }

  /** The message is stored and the room's draft is what remains, both or neither, on the disk. */
  storeMessage(message: OutgoingMessage, remaining: Draft): Promise<void> {
    const { roomId } = message;
    return this.#write('strict', [
      { kind: 'put_message', message },
      { kind: 'put_draft', roomId, draft: remaining },
    ]);
  }

  updateMessage(message: OutgoingMessage): Promise<void> {
    return this.#write('relaxed', [{ kind: 'put_message', message }]);
  }

  /** With its images. */
  deleteMessage({ messageId, images }: OutgoingMessage): Promise<void> {
    return this.#write('relaxed', [
      { kind: 'delete_message', messageId },
      ...images.map(({ imageId }) => ({ kind: 'delete_image', imageId }) as const),
    ]);
  }

  /** The images that it names are stored already. */
  saveDraft(roomId: RoomId, draft: Draft): Promise<void> {
    return this.#write('relaxed', [{ kind: 'put_draft', roomId, draft }]);
  }

  /** The image is stored and in the draft, both or neither, on the disk. */
  addDraftImage(roomId: RoomId, draft: Draft, image: DraftImage): Promise<void> {
    return this.#write('strict', [
      { kind: 'put_image', image },
      { kind: 'put_draft', roomId, draft },
    ]);
  }

  removeDraftImage(roomId: RoomId, draft: Draft, imageId: string): Promise<void> {
    return this.#write('relaxed', [
      { kind: 'delete_image', imageId },
      { kind: 'put_draft', roomId, draft },
    ]);
  }

  /** The message is gone and its text and images are in the draft, both or neither. */
  returnToDraft({ messageId, roomId }: OutgoingMessage, draft: Draft): Promise<void> {
    return this.#write('strict', [
      { kind: 'delete_message', messageId },
      { kind: 'put_draft', roomId, draft },
    ]);
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  async #load(connection: IDBPDatabase<Schema>): Promise<Stored> {
    const [drafts, outgoing, stored] = await Promise.all([
      connection.getAll('draftMessage'),
      connection.getAll('outgoingMessage'),
      connection.getAll('messageImage'),
    ]);
    const blobs = new Map(stored.map(({ imageId, blob }) => [imageId, blob]));
    const withBlobs = <Image extends { readonly imageId: string }>(images: readonly Image[]) =>
      images.flatMap((image) => {
        const blob = blobs.get(image.imageId);
        return blob ? [{ ...image, blob }] : [];
      });
    const own = drafts.filter(({ userId }) => userId === this.#userId);
    return {
      drafts: new Map(own.map(({ roomId, text, images }) => [roomId, { text, images: withBlobs(images) }])),
      outgoing: outgoing.map((message) => ({ ...message, images: withBlobs(message.images) })),
    };
  }

  async #write(durability: 'strict' | 'relaxed', operations: readonly Operation[]): Promise<void> {
    if (!this.#connection) return;
    try {
      const transaction = this.#connection.transaction(STORES, 'readwrite', { durability });
      const requests = operations.map((operation) => this.#request(transaction, operation));
      await Promise.all([...requests, transaction.done]);
    } catch {
      this.#giveUp();
    }
  }

  #request(transaction: Transaction, operation: Operation): Promise<unknown> {
    const drafts = transaction.objectStore('draftMessage');
    const outgoing = transaction.objectStore('outgoingMessage');
    const userId = this.#userId;
    switch (operation.kind) {
      case 'put_draft': {
        const { roomId, draft } = operation;
        const key = `${userId}_${roomId}`;
        if (isEmpty(draft)) return drafts.delete(key);
        const images = draft.images.map(withoutBlob);
        return drafts.put({ userId, roomId, text: draft.text, images, updatedAt: this.#clock.now() }, key);
      }
      case 'put_image': {
        const { imageId, blob } = operation.image;
        return transaction.objectStore('messageImage').put({ imageId, blob });
      }
      case 'delete_image':
        return transaction.objectStore('messageImage').delete(operation.imageId);
      case 'put_message':
        return outgoing.put({ ...operation.message, images: operation.message.images.map(withoutBlob) });
      case 'delete_message':
        return outgoing.delete(operation.messageId);
    }
  }

  #giveUp(): void {
    this.close();
    this.#onStorage('memory');
  }
}

function withoutBlob<Image extends DraftImage>({ blob: _, ...image }: Image): WithoutBlob<Image> {
  return image;
}

/** From the version that a browser has, step by step; 0: it has none. */
async function upgrade(
  database: IDBPDatabase<Schema>,
  from: number,
  transaction: IDBPTransaction<Schema, (typeof STORES)[number][], 'versionchange'>,
): Promise<void> {
  if (from < 1) {
    database.createObjectStore('draftMessage');
    database.createObjectStore('outgoingMessage', { keyPath: 'messageId' });
  }
  if (from < 2) {
    database.createObjectStore('messageImage', { keyPath: 'imageId' });
    for (const name of ['draftMessage', 'outgoingMessage'] as const) await addImages(transaction.objectStore(name));
  }
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
