import { LIMITS, type RoomId } from '@parley/protocol';
import type { ReactionRepository } from '../reactions/reaction.repository.ts';
import { emojiKey, reactionKey } from '../log/batch-changes.ts';
import { isMessage, type NewEntry, type Messages } from '../log/entry.ts';
import type { LogRepository } from '../log/log.repository.ts';
import { messageIdsIn, type BatchContext } from './plan-batch.ts';

/** Where a planner reads the messages and reactions that a batch refers to. */
export interface BatchContextSources {
  readonly repository: Pick<LogRepository, 'findByEntryIds'>;
  readonly reactions: ReactionRepository;
}

/** Of a batch of plain messages. */
export const NO_CONTEXT: BatchContext = { messages: new Map(), reacted: new Set(), reactors: new Map() };

/** Reads the messages that a batch refers to, and reactions only where a message does not show them all. */
export async function readBatchContext(
  { repository, reactions }: BatchContextSources,
  roomId: RoomId,
  newEntries: readonly NewEntry[],
): Promise<BatchContext> {
  const messageIds = messageIdsIn(newEntries);
  const entries = messageIds.length === 0 ? [] : await repository.findByEntryIds(roomId, messageIds);
  const messages: Messages = new Map(entries.filter(isMessage).map((message) => [message.entryId, message]));
  const partlyShown = newEntries.flatMap((newEntry) => partlyShownReaction(newEntry, messages));
  const removed = new Map(partlyShown.filter(({ on }) => !on).map((one) => [emojiKey(one.messageId, one.emoji), one]));
  const limit = LIMITS.usersPerReaction + newEntries.length;
  const [reacted, reactors] = await Promise.all([
    partlyShown.length === 0 ? [] : reactions.find(roomId, partlyShown),
    Promise.all(
      [...removed].map(async ([key, { messageId, emoji }]) => {
        return [key, await reactions.readReactors(roomId, { messageId, emoji, limit })] as const;
      }),
    ),
  ]);
  return { messages, reacted: new Set(reacted.map(reactionKey)), reactors: new Map(reactors) };
}

/** A change of a reaction with an emoji that more users have set than the message names. */
function partlyShownReaction(newEntry: NewEntry, messages: Messages) {
  if (newEntry.event !== 'reaction_changed') return [];
  const { messageId, emoji, on } = newEntry.data;
  const reaction = messages.get(messageId)?.data.reactions?.find((one) => one.emoji === emoji);
  if (!reaction || reaction.count <= reaction.userIds.length) return [];
  return [{ messageId, emoji, userId: newEntry.userId, on }];
}
