import type { MessageId, RoomId, UserId } from '@parley/protocol';
import type { ReactionKey } from '../log/batch-changes.ts';

/**
 * Every single reaction. A message itself has the counts and the first users who reacted, which is enough for most reads.
 * The log's batches write the reactions.
 */
export interface ReactionRepository {
  /** The given reactions that exist. */
  find(roomId: RoomId, reactions: readonly ReactionKey[]): Promise<ReactionKey[]>;
  /** The users who reacted with the emoji, in the order of their reactions. */
  readReactors(roomId: RoomId, reaction: { messageId: MessageId; emoji: string; limit: number }): Promise<UserId[]>;
}

/** Injection token of the ReactionRepository. */
export const REACTION_REPOSITORY = Symbol('ReactionRepository');
