import type { Head, Place } from '@parley/contracts';
import type { RoomId } from '@parley/protocol';
import type { BatchChanges } from './batch-changes.ts';
import type { Entry, MessageEntry } from './entry.ts';

/** What certainly became of a batch. */
export type InsertResult =
  /** All of it is durable at majority. */
  | { readonly kind: 'stored' }
  /** Those before `index` are durable at majority; the one there has a seq or an entryId that is taken; the rest is not stored. */
  | { readonly kind: 'clash'; readonly index: number };

/** The logs of all rooms. Every read sees what a majority holds, and nothing else. */
export interface LogRepository {
  /**
   * Stores the entries of one room in this order, up to the first that clashes. With changes, which come true together
   * with the entries, all is stored or nothing: a clash is then one at index 0. Whatever it throws, any part of the
   * batch (with changes: all of it) may be stored or may yet become so.
   */
  insertBatch(entries: readonly Entry[], changes?: BatchChanges): Promise<InsertResult>;
  /** The end of the log; all zero when it is empty. */
  readHead(roomId: RoomId): Promise<Head>;
  /** For whoever writes next: the head once a majority holds everything that had been written before this call. */
  readSettledHead(roomId: RoomId): Promise<Head>;
  /** Of the given rooms (any number) those whose log is not empty, in no order. */
  readHeads(roomIds: readonly RoomId[]): Promise<Head[]>;
  /** Those that exist, in no order. */
  findByEntryIds(roomId: RoomId, entryIds: readonly string[]): Promise<Entry[]>;
  /** Ascending from the one after `after`. */
  readEntries(roomId: RoomId, range: { after: number; limit: number }): Promise<Entry[]>;
  /** Descending from the one before `before`. */
  readMessages(roomId: RoomId, range: { before: number; limit: number }): Promise<MessageEntry[]>;
  /** How many messages there are up to each of these places, where there is an entry; in no order. */
  readCounts(positions: readonly { roomId: RoomId; seq: number }[]): Promise<Place[]>;
  /** Ascending from the one at `from` up to the one at `to`. */
  readMessagesFrom(roomId: RoomId, range: { from: number; to: number; limit: number }): Promise<MessageEntry[]>;
  /** The messages at these places, those that exist, in no order. */
  readMessagesAt(positions: readonly { roomId: RoomId; messageSeq: number }[]): Promise<MessageEntry[]>;
}

/** Injection token of the LogRepository. */
export const LOG_REPOSITORY = Symbol('LogRepository');

export const emptyHead = (roomId: RoomId): Head => ({ roomId, seq: 0, count: 0, memberDelta: 0, messageSeq: 0, at: 0 });
