import type { MessageId, RoomId, RoomSummary, UserId } from '@parley/protocol';
import { openDB, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type { Clock } from '../../domain/clock.ts';
import type { DraftAttachment } from '../../domain/draft-attachments.ts';
import type { OutgoingMessage } from '../../domain/outbox.ts';
import {
  upgrade,
  VERSION,
  type CachedLog,
  type OutgoingRoom,
  type Schema,
  type WithoutBlob,
} from './database-schema.ts';
import type { StorageStatus } from '../../domain/storage-status.ts';

const STORES = ['draftMessage', 'outgoingMessage', 'messageImage', 'outgoingRoom'] as const;
const CACHE_STORES = ['cachedRoom', 'cachedLog'] as const;

type Transaction = IDBPTransaction<Schema, typeof STORES, 'readwrite'>;

/** A room's draft; an empty one is deleted. */
export interface StoredDraft {
  readonly text: string;
  readonly images: readonly DraftAttachment[];
  /** The message that it replies to. */
  readonly replyTo: MessageId | null;
}

export const NO_DRAFT: StoredDraft = { text: '', images: [], replyTo: null };
export const isEmpty = ({ text, images, replyTo }: StoredDraft): boolean =>
  text === '' && images.length === 0 && replyTo === null;

type Operation =
  | { readonly kind: 'put_draft'; readonly roomId: RoomId; readonly draft: StoredDraft }
  | { readonly kind: 'put_attachment'; readonly attachment: DraftAttachment }
  | { readonly kind: 'delete_attachment'; readonly imageId: string }
  | { readonly kind: 'put_message'; readonly message: OutgoingMessage }
  | { readonly kind: 'delete_message'; readonly messageId: MessageId }
  | { readonly kind: 'put_room'; readonly room: OutgoingRoom }
  | { readonly kind: 'delete_room'; readonly roomId: RoomId };

const DELETIONS: readonly Operation['kind'][] = ['delete_attachment', 'delete_message', 'delete_room'];

export interface Stored {
  readonly drafts: ReadonlyMap<RoomId, StoredDraft>;
  readonly outgoing: readonly OutgoingMessage[];
  readonly outgoingRooms: readonly OutgoingRoom[];
  readonly rooms: readonly RoomSummary[];
  readonly logs: readonly CachedLog[];
  /** The epoch of the server's data in `rooms` and `logs`. */
  readonly epoch: string | undefined;
}

const NOTHING: Stored = {
  ...{ drafts: new Map(), outgoing: [], outgoingRooms: [], rooms: [], logs: [] },
  epoch: undefined,
};

/** Changes of the cache; null deletes. */
export interface CacheChanges {
  readonly rooms: ReadonlyMap<RoomId, RoomSummary | null>;
  readonly logs: ReadonlyMap<RoomId, CachedLog | null>;
  readonly epoch: string | undefined;
}

/**
 * Stores drafts and unsent messages, which must survive the browser, and a cache, which is deleted when the disk is full.
 * Where IndexedDB is refused or fails (private window, full disk), the status is `memory` and nothing more is written.
 * Deletions are still attempted, so that no later engine sends a message that was sent or deleted.
 */
export class Database {
  readonly #userId: UserId;
  readonly #clock: Clock;
  readonly #onStorage: (storage: StorageStatus) => void;
  #connection: IDBPDatabase<Schema> | null = null;
  #storage: StorageStatus = 'memory';
  #lastWrite: Promise<void> = Promise.resolve();

  /** @param onStorage called when writes are no longer durable */
  constructor(userId: UserId, clock: Clock, onStorage: (storage: StorageStatus) => void) {
    this.#userId = userId;
    this.#clock = clock;
    this.#onStorage = onStorage;
  }

  get storage(): StorageStatus {
    return this.#storage;
  }

  /** @param onSuperseded called when a newer build upgrades the schema; this database is closed then */
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
      const stored = await this.#load(this.#connection);
      this.#storage = 'durable';
      return stored;
    } catch (failure) {
      this.close();
      this.#giveUp(isVersionError(failure) ? 'outdated' : 'memory');
      return NOTHING;
    }
  }

  /** Stores the message and the remaining draft atomically, flushed to the disk. */
  storeMessage(message: OutgoingMessage, remaining: StoredDraft): Promise<void> {
    const { roomId } = message;
    return this.#write('strict', [
      { kind: 'put_message', message },
      { kind: 'put_draft', roomId, draft: remaining },
    ]);
  }

  updateMessage(message: OutgoingMessage): Promise<void> {
    return this.#write('relaxed', [{ kind: 'put_message', message }]);
  }

  /** Deletes the message with its attachments. */
  deleteMessage({ messageId, images }: Pick<OutgoingMessage, 'messageId' | 'images'>): Promise<void> {
    return this.#write('relaxed', [
      { kind: 'delete_message', messageId },
      ...images.map(({ imageId }) => ({ kind: 'delete_attachment', imageId }) as const),
    ]);
  }

  /** Saves a draft whose attachments are stored already. */
  saveDraft(roomId: RoomId, draft: StoredDraft): Promise<void> {
    return this.#write('relaxed', [{ kind: 'put_draft', roomId, draft }]);
  }

  /** Stores the attachment and the draft atomically, flushed to the disk. */
  addDraftAttachment(roomId: RoomId, draft: StoredDraft, attachment: DraftAttachment): Promise<void> {
    return this.#write('strict', [
      { kind: 'put_attachment', attachment },
      { kind: 'put_draft', roomId, draft },
    ]);
  }

  removeDraftAttachment(roomId: RoomId, draft: StoredDraft, imageId: string): Promise<void> {
    return this.#write('relaxed', [
      { kind: 'delete_attachment', imageId },
      { kind: 'put_draft', roomId, draft },
    ]);
  }

  /** Deletes the message and stores the draft atomically. */
  returnToDraft({ messageId, roomId }: OutgoingMessage, draft: StoredDraft): Promise<void> {
    return this.#write('strict', [
      { kind: 'put_draft', roomId, draft },
      { kind: 'delete_message', messageId },
    ]);
  }

  storeRoom(room: OutgoingRoom): Promise<void> {
    return this.#write('strict', [{ kind: 'put_room', room }]);
  }

  deleteRoom(roomId: RoomId): Promise<void> {
    return this.#write('relaxed', [{ kind: 'delete_room', roomId }]);
  }

  /** A failed write is no loss: the server has the data. */
  async saveCache({ rooms, logs, epoch }: CacheChanges): Promise<void> {
    const transaction = this.#connection?.transaction(CACHE_STORES, 'readwrite', { durability: 'relaxed' });
    if (!transaction) return;
    const [roomStore, logStore] = [transaction.objectStore('cachedRoom'), transaction.objectStore('cachedLog')];
    const requests = [
      ...[...rooms].map(([roomId, room]) => (room ? roomStore.put({ ...room, epoch }) : roomStore.delete(roomId))),
      ...[...logs].map(([roomId, log]) => (log ? logStore.put(log) : logStore.delete(roomId))),
    ];
    await Promise.allSettled([...requests, transaction.done]);
  }

  async clearCache(): Promise<void> {
    const transaction = this.#connection?.transaction(CACHE_STORES, 'readwrite');
    if (!transaction) return;
    await Promise.all([...CACHE_STORES.map((name) => transaction.objectStore(name).clear()), transaction.done]);
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  async #load(connection: IDBPDatabase<Schema>): Promise<Stored> {
    const [drafts, outgoing, images, outgoingRooms, rooms, logs] = await Promise.all([
      connection.getAll('draftMessage'),
      connection.getAll('outgoingMessage'),
      connection.getAll('messageImage'),
      connection.getAll('outgoingRoom'),
      connection.getAll('cachedRoom'),
      connection.getAll('cachedLog'),
    ]);
    const blobs = new Map(images.map(({ imageId, blob }) => [imageId, blob]));
    const withBlobs = <Attachment extends { readonly imageId: string }>(images: readonly Attachment[]) =>
      images.flatMap((attachment) => {
        const blob = blobs.get(attachment.imageId);
        return blob ? [{ ...attachment, blob }] : [];
      });
    const own = drafts.filter(({ userId }) => userId === this.#userId);
    return {
      drafts: new Map(
        own.map(({ roomId, text, images, replyTo = null }) => [roomId, { text, images: withBlobs(images), replyTo }]),
      ),
      outgoing: outgoing.map((message) => ({ ...message, images: withBlobs(message.images) })),
      outgoingRooms,
      rooms: rooms.map(({ epoch: _, ...room }) => room),
      epoch: rooms.find(({ epoch }) => epoch !== undefined)?.epoch,
      logs: logs.toSorted((one, other) => one.usedAt - other.usedAt),
    };
  }

  /**
   * Resolves in the order of the calls: a write that is retried because the disk is full is not overtaken by later ones
   * that are kept in memory.
   */
  #write(durability: 'strict' | 'relaxed', operations: readonly Operation[]): Promise<void> {
    const done = Promise.all([this.#lastWrite, this.#attempt(durability, operations)]).then(() => undefined);
    this.#lastWrite = done;
    return done;
  }

  async #attempt(durability: 'strict' | 'relaxed', operations: readonly Operation[]): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    if (this.#storage !== 'durable') return this.#takeOut(connection, operations);
    try {
      await this.#transact(connection, durability, operations).catch(async () => {
        // Deleting the cache may free enough space.
        await this.clearCache();
        await this.#transact(connection, durability, operations);
      });
    } catch {
      this.#giveUp('memory');
      await this.#takeOut(connection, operations);
    }
  }

  /**
   * Deletions need no space on the disk. Operations that also store something are skipped as a whole: a message that
   * cannot be stored leaves its draft stored, and a failed message whose draft cannot be stored stays stored as failed.
   */
  async #takeOut(connection: IDBPDatabase<Schema>, operations: readonly Operation[]): Promise<void> {
    const deletions = operations.filter(({ kind }) => DELETIONS.includes(kind));
    if (deletions.length < operations.length) return;
    // Nothing is left to try.
    await this.#transact(connection, 'relaxed', deletions).catch(() => undefined);
  }

  async #transact(
    connection: IDBPDatabase<Schema>,
    durability: 'strict' | 'relaxed',
    operations: readonly Operation[],
  ): Promise<void> {
    const transaction = connection.transaction(STORES, 'readwrite', { durability });
    const requests = operations.map((operation) => this.#request(transaction, operation));
    await Promise.all([...requests, transaction.done]);
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
        return drafts.put({ ...draft, userId, roomId, images, updatedAt: this.#clock.now() }, key);
      }
      case 'put_attachment': {
        const { imageId, blob } = operation.attachment;
        return transaction.objectStore('messageImage').put({ imageId, blob });
      }
      case 'delete_attachment':
        return transaction.objectStore('messageImage').delete(operation.imageId);
      case 'put_message':
        return outgoing.put({ ...operation.message, images: operation.message.images.map(withoutBlob) });
      case 'delete_message':
        return outgoing.delete(operation.messageId);
      case 'put_room':
        return transaction.objectStore('outgoingRoom').put(operation.room);
      case 'delete_room':
        return transaction.objectStore('outgoingRoom').delete(operation.roomId);
    }
  }

  #giveUp(storage: 'memory' | 'outdated'): void {
    this.#storage = storage;
    this.#onStorage(storage);
  }
}

const isVersionError = (failure: unknown): boolean =>
  failure instanceof DOMException && failure.name === 'VersionError';

function withoutBlob<Attachment extends DraftAttachment>({
  blob: _,
  ...attachment
}: Attachment): WithoutBlob<Attachment> {
  return attachment;
}
