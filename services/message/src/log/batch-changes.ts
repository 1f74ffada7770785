import type { MessageId, UserId } from '@parley/protocol';
import type { MessageEntry } from './entry.ts';

/** One user's emoji on one message. */
export interface ReactionKey {
  readonly messageId: MessageId;
  readonly emoji: string;
  readonly userId: UserId;
}

export const emojiKey = (messageId: MessageId, emoji: string): string => `${messageId} ${emoji}`;
export const reactionKey = ({ messageId, emoji, userId }: ReactionKey): string =>
  `${emojiKey(messageId, emoji)} ${userId}`;

/** A reaction to add or remove. `seq` is that of the entry that adds it and orders the users who reacted. */
export type ReactionWrite = ReactionKey & ({ readonly on: true; readonly seq: number } | { readonly on: false });

/** Users that the message at `seq` mentions. */
export interface MentionTargets {
  readonly seq: number;
  readonly userIds: readonly UserId[];
}

/** What a batch changes besides appending its entries, in the same unit of work. */
export interface BatchChanges {
  /** Messages of earlier batches with their new content. */
  readonly messages: readonly MessageEntry[];
  /** In the order in which to apply them. */
  readonly reactions: readonly ReactionWrite[];
  readonly removedMentions: readonly MentionTargets[];
  readonly mentions: readonly MentionTargets[];
  /** Deleted messages as they were before: their reactions, attachments and search documents are removed too. */
  readonly deleted: readonly MessageEntry[];
  /** seq of the batch's last entry, which is the version of the deleted messages' search documents. */
  readonly version: number;
}
