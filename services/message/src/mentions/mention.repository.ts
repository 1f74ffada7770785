import type { RoomId, UserId } from '@parley/protocol';

/** Where a person has read to, in one of their rooms. */
export interface RoomPosition {
  readonly roomId: RoomId;
  /** seq */
  readonly after: number;
}

/** Messages that call people by name, for as long as these have not read them. The log's batches write them. */
export interface MentionRepository {
  /** How many mention the person after each position; rooms without any are left out. */
  count(userId: UserId, positions: readonly RoomPosition[]): Promise<ReadonlyMap<RoomId, number>>;
  /** Forgets those up to the seq. */
  clear(userId: UserId, roomId: RoomId, seq: number): Promise<void>;
}

/** Injection token of the MentionRepository. */
export const MENTION_REPOSITORY = Symbol('MentionRepository');
