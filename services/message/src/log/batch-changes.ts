import type { MessageId, UserId } from '@parley/protocol';
import type { MessageEntry } from './entry.ts';

/** One person's emoji under one message. */
export interface ReactionKey {
  readonly messageId: MessageId;
  readonly emoji: string;
  readonly userId: UserId;
}

export const emojiKey = (messageId: MessageId, emoji: string): string => `${messageId} ${emoji}`;
export const reactionKey = ({ messageId, emoji, userId }: ReactionKey): string =>
  `${emojiKey(messageId, emoji)} ${userId}`;

/** `seq`: the entry that set it, which is the order of those who reacted. */
export type ReactionWrite = ReactionKey & ({ readonly on: true; readonly seq: number } | { readonly on: false });

/** People who are called by name in the message that stands at `seq`. */
export interface MentionTargets {
  readonly seq: number;
  readonly userIds: readonly UserId[];
}

/** What becomes true together with a batch of entries, or not at all. */
export interface BatchChanges {
  /** Messages of earlier batches as they are now. */
  readonly messages: readonly MessageEntry[];
  /** One after the other. */
  readonly reactions: readonly ReactionWrite[];
  readonly removedMentions: readonly MentionTargets[];
  readonly mentions: readonly MentionTargets[];
  /** Messages as they were: their reactions, their images and what search knows of them go too. */
  readonly deleted: readonly MessageEntry[];
  /** seq of the batch's last entry: what search knows of the deleted ones is no older. */
  readonly version: number;
}
