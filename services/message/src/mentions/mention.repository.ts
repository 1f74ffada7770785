import type { RoomId, UserId } from '@parley/protocol';

/** A user's read position in one of their rooms. */
export interface MentionPosition {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly seq: number;
}

/** Mentions in messages that the mentioned users have not read. The log's batches write them. */
export interface MentionRepository {
  /** The number of mentions of each user after the position, in that order. A user and room occurs once. */
  count(positions: readonly MentionPosition[]): Promise<readonly number[]>;
  /** Deletes mentions up to each position. Writes nothing where there are none. */
  clear(positions: readonly MentionPosition[]): Promise<void>;
}

/** Injection token of the MentionRepository. */
export const MENTION_REPOSITORY = Symbol('MentionRepository');
