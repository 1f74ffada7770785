import type { RoomId } from '@parley/protocol';
import type { BatchChanges } from './batch-changes.ts';

/**
 * Implemented by every feature that stores records about messages. The log calls it while it stores a batch: the
 * entries and the writes of all features are one transaction. `UnitOfWork` is how a store lets features write in that
 * transaction: `MongoUnitOfWork`, `SqliteUnitOfWork`.
 */
export interface ChangeWriter<UnitOfWork> {
  /** Writes what the changes mean for the feature's own records, and nothing where they mean nothing to it. */
  writeChanges(roomId: RoomId, changes: BatchChanges, unitOfWork: UnitOfWork): Promise<void>;
}
