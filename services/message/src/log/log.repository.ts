import type { Head, Place } from '@parley/contracts';
import type { RoomId } from '@parley/protocol';
import type { BatchChanges } from './batch-changes.ts';
import type { Entry, MessageEntry } from './entry.ts';

/** The certain result of an insert. */
export type InsertResult =
  /** All entries are durable at majority. */
  | { readonly kind: 'stored' }
  /** The seq or entryId at `index` is taken. Entries before it are durable at majority, the rest is not stored. */
  | { readonly kind: 'clash'; readonly index: number };

/** The logs of all rooms. Every read returns what is stored at majority, and nothing else. */
export interface LogRepository {
  /**
   * Stores the entries of one room in this order, up to the first that clashes. With changes, the entries and the changes
   * are stored together or not at all: a clash is then one at index 0. After a rejection any part of the batch (with
   * changes: all of it) may be stored, or may still become so.
   */
  insertBatch(entries: readonly Entry[], changes?: BatchChanges): Promise<InsertResult>;
  /** The head of the log; all zero when it is empty. */
  readHead(roomId: RoomId): Promise<Head>;
  /** For writers: the head once everything written before this call is stored at majority. */
  readSettledHead(roomId: RoomId): Promise<Head>;
  /** The heads of the given rooms (any number) whose log is not empty, in no order. */
  readHeads(roomIds: readonly RoomId[]): Promise<Head[]>;
  /** The entries that exist, in no order. */
  findByEntryIds(roomId: RoomId, entryIds: readonly string[]): Promise<Entry[]>;
  /** Ascending from the one after `after`. */
  readEntries(roomId: RoomId, range: { after: number; limit: number }): Promise<Entry[]>;
  /** Descending from the one before `before`. */
  readMessages(roomId: RoomId, range: { before: number; limit: number }): Promise<MessageEntry[]>;
  /** The number of messages up to each position that has an entry, in no order. */
  readCounts(positions: readonly { roomId: RoomId; seq: number }[]): Promise<Place[]>;
  /** Ascending from the one at `from` up to the one at `to`. */
  readMessagesFrom(roomId: RoomId, range: { from: number; to: number; limit: number }): Promise<MessageEntry[]>;
  /** The messages at these positions, where there are any, in no order. */
  readMessagesAt(positions: readonly { roomId: RoomId; messageSeq: number }[]): Promise<MessageEntry[]>;
}

/** Injection token of the LogRepository. */
export const LOG_REPOSITORY = Symbol('LogRepository');

export const emptyHead = (roomId: RoomId): Head => ({ roomId, seq: 0, count: 0, memberDelta: 0, messageSeq: 0, at: 0 });
