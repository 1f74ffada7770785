import type { Head, ParleyError } from '@parley/contracts';
import type { RoomId, UserId } from '@parley/protocol';
import type { BatchChanges } from './batch-changes.ts';
import type { Entry, MessageEntry, Messages, NewEntry } from './entry.ts';

/** What a batch will be in the log. */
export interface BatchPlan {
  readonly entries: readonly Entry[];
  /** Absent: the batch stores its entries and nothing else. */
  readonly changes?: BatchChanges;
  /** The changed messages as they are after the batch. */
  readonly messages: Messages;
  /**
   * New entries that need no entry in the log: an error, or the message that already is as requested. A new entry that
   * is neither here nor among the entries waits for the next batch.
   */
  readonly settled: ReadonlyMap<NewEntry, MessageEntry | ParleyError>;
}

/** What a lane knows when it plans a batch. */
export interface BatchState {
  readonly head: Head;
  /** Members of the room among the authors of the batch and the users that it mentions. */
  readonly members: ReadonlySet<UserId>;
  readonly now: number;
}

/** Turns new entries into the entries and changes of one batch. What it reads, it reads after the head was read. */
export interface BatchPlanner {
  plan(roomId: RoomId, newEntries: readonly NewEntry[], state: BatchState): Promise<BatchPlan>;
}
