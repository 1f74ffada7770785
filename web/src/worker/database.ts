import type { ActionData, MessageId, RoomId, RoomSummary, User, UserId } from '@parley/protocol';
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type { Clock } from '../domain/clock.ts';
import type { OutgoingMessage } from '../domain/outbox.ts';
import type { Timeline } from '../domain/timeline.ts';
import type { StorageStatus } from './messages.ts';

const STORES = ['draftMessage', 'outgoingMessage', 'outgoingRoom'] as const;
const CACHE_STORES = ['cachedRoom', 'cachedLog'] as const;

interface DraftRecord {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly text: string;
  readonly updatedAt: number;
}

export type OutgoingRoom = ActionData<'create_room'>;

/** The end of a room's log, with the people it speaks of. */
export interface CachedLog {
  readonly timeline: Timeline;
  readonly users: readonly User[];
  /** When a tab last had it open. */
  readonly usedAt: number;
}

/** What of the cache is to be written: null deletes. */
export interface CacheChanges {
  readonly rooms: ReadonlyMap<RoomId, RoomSummary | null>;
  readonly logs: ReadonlyMap<RoomId, CachedLog | null>;
}

interface Schema extends DBSchema {
  /** key: `${userId}_${roomId}` */
  draftMessage: { key: string; value: DraftRecord };
  outgoingMessage: { key: MessageId; value: OutgoingMessage };
  /** Rooms that the server has not made yet. */
  outgoingRoom: { key: RoomId; value: OutgoingRoom };
  cachedRoom: { key: RoomId; value: RoomSummary };
  cachedLog: { key: RoomId; value: CachedLog };
}

/** What each version of the database brings, oldest first; one that is older gets all that it lacks. */
const MIGRATIONS: readonly { readonly version: number; readonly up: (database: IDBPDatabase<Schema>) => void }[] = [
  {
    version: 1,
    up(database) {
      database.createObjectStore('draftMessage');
      database.createObjectStore('outgoingMessage', { keyPath: 'messageId' });
    },
  },
  {
    version: 3,
    up(database) {
      database.createObjectStore('outgoingRoom', { keyPath: 'roomId' });
      database.createObjectStore('cachedRoom', { keyPath: 'roomId' });
      database.createObjectStore('cachedLog', { keyPath: 'timeline.roomId' });
    },
  },
];
const VERSION = Math.max(...MIGRATIONS.map(({ version }) => version));

type Transaction = IDBPTransaction<Schema, typeof STORES, 'readwrite'>;

type Operation =
  | { readonly kind: 'put_draft'; readonly roomId: RoomId; readonly text: string }
  | { readonly kind: 'delete_draft'; readonly roomId: RoomId }
  | { readonly kind: 'put_message'; readonly message: OutgoingMessage }
  | { readonly kind: 'delete_message'; readonly messageId: MessageId }
  | { readonly kind: 'put_room'; readonly room: OutgoingRoom }
  | { readonly kind: 'delete_room'; readonly roomId: RoomId };

export interface Stored {
  readonly drafts: ReadonlyMap<RoomId, string>;
  readonly outgoing: readonly OutgoingMessage[];
  readonly outgoingRooms: readonly OutgoingRoom[];
  readonly rooms: readonly RoomSummary[];
  readonly logs: readonly CachedLog[];
}

const NOTHING: Stored = { drafts: new Map(), outgoing: [], outgoingRooms: [], rooms: [], logs: [] };

/**
 * What must survive the browser: drafts and what is unsent; and the cache, which gives way when the disk is full. Where IndexedDB is refused or fails (private window, full
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
        upgrade(database, oldVersion) {
          for (const { version, up } of MIGRATIONS) if (version > oldVersion) up(database);
        },
        blocking: () => {
          this.close();
          onSuperseded();
        },
      });
      return await this.#load(this.#connection);
    } catch {
      this.#giveUp();
      return NOTHING;
    }
  }

  /** The message is stored and the room's draft is gone, unless it is to be kept; both or neither, on the disk. */
  storeMessage(message: OutgoingMessage, { keepDraft = false } = {}): Promise<void> {
    const { roomId } = message;
    return this.#write('strict', [
      { kind: 'put_message', message },
      ...(keepDraft ? [] : [{ kind: 'delete_draft', roomId } as const]),
    ]);
  }

  updateMessage(message: OutgoingMessage): Promise<void> {
    return this.#write('relaxed', [{ kind: 'put_message', message }]);
  }

  deleteMessage(messageId: MessageId): Promise<void> {
    return this.#write('relaxed', [{ kind: 'delete_message', messageId }]);
  }

  /** An empty text deletes the draft. */
  saveDraft(roomId: RoomId, text: string): Promise<void> {
    return this.#write('relaxed', [
      text === '' ? { kind: 'delete_draft', roomId } : { kind: 'put_draft', roomId, text },
    ]);
  }

  /** The message is gone and its text is in the draft, both or neither. */
  returnToDraft({ messageId, roomId }: OutgoingMessage, text: string): Promise<void> {
    return this.#write('strict', [
      { kind: 'delete_message', messageId },
      { kind: 'put_draft', roomId, text },
    ]);
  }

  storeRoom(room: OutgoingRoom): Promise<void> {
    return this.#write('strict', [{ kind: 'put_room', room }]);
  }

  deleteRoom(roomId: RoomId): Promise<void> {
    return this.#write('relaxed', [{ kind: 'delete_room', roomId }]);
  }

  /** What of it fails is no loss: the server has it. */
  async saveCache({ rooms, logs }: CacheChanges): Promise<void> {
    const transaction = this.#connection?.transaction(CACHE_STORES, 'readwrite', { durability: 'relaxed' });
    if (!transaction) return;
    const [roomStore, logStore] = [transaction.objectStore('cachedRoom'), transaction.objectStore('cachedLog')];
    const requests = [
      ...[...rooms].map(([roomId, room]) => (room ? roomStore.put(room) : roomStore.delete(roomId))),
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
    const [drafts, outgoing, outgoingRooms, rooms, logs] = await Promise.all([
      connection.getAll('draftMessage'),
      connection.getAll('outgoingMessage'),
      connection.getAll('outgoingRoom'),
      connection.getAll('cachedRoom'),
      connection.getAll('cachedLog'),
    ]);
    return {
      drafts: new Map(
        drafts.filter(({ userId }) => userId === this.#userId).map((draft) => [draft.roomId, draft.text]),
      ),
      ...{ outgoing, outgoingRooms, rooms },
      logs: logs.toSorted((one, other) => one.usedAt - other.usedAt),
    };
  }

  async #write(durability: 'strict' | 'relaxed', operations: readonly Operation[]): Promise<void> {
    const connection = this.#connection;
    if (!connection) return;
    try {
      await this.#transact(connection, durability, operations).catch(async () => {
        // The disk may be full of what the server has, too.
        await this.clearCache();
        await this.#transact(connection, durability, operations);
      });
    } catch {
      this.#giveUp();
    }
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
        const { roomId, text } = operation;
        return drafts.put({ userId, roomId, text, updatedAt: this.#clock.now() }, `${userId}_${roomId}`);
      }
      case 'delete_draft':
        return drafts.delete(`${userId}_${operation.roomId}`);
      case 'put_message':
        return outgoing.put(operation.message);
      case 'delete_message':
        return outgoing.delete(operation.messageId);
      case 'put_room':
        return transaction.objectStore('outgoingRoom').put(operation.room);
      case 'delete_room':
        return transaction.objectStore('outgoingRoom').delete(operation.roomId);
    }
  }

  #giveUp(): void {
    this.close();
    this.#onStorage('memory');
  }
}
