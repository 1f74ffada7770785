import type { MessageId, RoomId, UserId } from '@parley/protocol';
import type { ReactionKey } from '../log/batch-changes.ts';

/**
 * Every single reaction. Messages carry the counts and the first who reacted, and that is all that most need; here
 * stands who else did. The log's batches write them.
 */
export interface ReactionRepository {
  /** Those of the reactions that are set. */
  find(roomId: RoomId, reactions: readonly ReactionKey[]): Promise<ReactionKey[]>;
  /** Who set the emoji, in that order. */
  readReactors(roomId: RoomId, reaction: { messageId: MessageId; emoji: string; limit: number }): Promise<UserId[]>;
}

/** Injection token of the ReactionRepository. */
export const REACTION_REPOSITORY = Symbol('ReactionRepository');
