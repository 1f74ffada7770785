import type { MessageId, RoomId, UserId } from '@parley/protocol';
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type { Clock } from '../domain/clock.ts';
import type { OutgoingMessage } from '../domain/outbox.ts';
import type { StorageStatus } from './messages.ts';

const VERSION = 1;
const STORES = ['draftMessage', 'outgoingMessage'] as const;

interface DraftRecord {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly text: string;
  readonly updatedAt: number;
}

interface Schema extends DBSchema {
  /** key: `${userId}_${roomId}` */
  draftMessage: { key: string; value: DraftRecord };
  outgoingMessage: { key: MessageId; value: OutgoingMessage };
}

type Transaction = IDBPTransaction<Schema, typeof STORES, 'readwrite'>;

type Operation =
  | { readonly kind: 'put_draft'; readonly roomId: RoomId; readonly text: string }
  | { readonly kind: 'delete_draft'; readonly roomId: RoomId }
  | { readonly kind: 'put_message'; readonly message: OutgoingMessage }
  | { readonly kind: 'delete_message'; readonly messageId: MessageId };

export interface Stored {
  readonly drafts: ReadonlyMap<RoomId, string>;
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
        upgrade(database) {
          database.createObjectStore('draftMessage');
          database.createObjectStore('outgoingMessage', { keyPath: 'messageId' });
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

  /** The message is stored and the room's draft is gone, both or neither, on the disk. */
  storeMessage(message: OutgoingMessage): Promise<void> {
    const { roomId } = message;
    return this.#write('strict', [
      { kind: 'put_message', message },
      { kind: 'delete_draft', roomId },
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

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  async #load(connection: IDBPDatabase<Schema>): Promise<Stored> {
    const [drafts, outgoing] = await Promise.all([
      connection.getAll('draftMessage'),
      connection.getAll('outgoingMessage'),
    ]);
    return {
      drafts: new Map(
        drafts.filter(({ userId }) => userId === this.#userId).map((draft) => [draft.roomId, draft.text]),
      ),
      outgoing,
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
        const { roomId, text } = operation;
        return drafts.put({ userId, roomId, text, updatedAt: this.#clock.now() }, `${userId}_${roomId}`);
      }
      case 'delete_draft':
        return drafts.delete(`${userId}_${operation.roomId}`);
      case 'put_message':
        return outgoing.put(operation.message);
      case 'delete_message':
        return outgoing.delete(operation.messageId);
    }
  }

  #giveUp(): void {
    this.close();
    this.#onStorage('memory');
  }
}
