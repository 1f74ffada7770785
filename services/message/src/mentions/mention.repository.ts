import type { RoomId, UserId } from '@parley/protocol';

/** Where a person has read to, in one of their rooms. */
export interface MentionPosition {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly seq: number;
}

/** Messages that call people by name, for as long as these have not read them. The log's batches write them. */
export interface MentionRepository {
  /** How many mention each person after the position, in that order; a person and room once. */
  count(positions: readonly MentionPosition[]): Promise<readonly number[]>;
  /** Forgets those up to each position. Where there are none nothing is written. */
  clear(positions: readonly MentionPosition[]): Promise<void>;
}

/** Injection token of the MentionRepository. */
export const MENTION_REPOSITORY = Symbol('MentionRepository');
