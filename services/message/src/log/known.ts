import { LIMITS, type RoomId, type UserId } from '@parley/protocol';
import type { ReactionRepository } from '../reactions/reaction.repository.ts';
import { emojiKey, messageIdsIn, reactionKey, type Known } from './batch-plan.ts';
import { isMessage, type Draft, type Messages } from './entry.ts';
import type { LogRepository } from './log.repository.ts';

/** Where a lane reads what its batches speak of. */
export interface KnownSources {
  readonly repository: Pick<LogRepository, 'findByEntryIds'>;
  readonly reactions: ReactionRepository;
}

/** Reads what planBatch needs: nothing for plain messages, and reactions only where an entry does not show them all. */
export async function readKnown(
  { repository, reactions }: KnownSources,
  roomId: RoomId,
  drafts: readonly Draft[],
  members: ReadonlySet<UserId>,
): Promise<Known> {
  const messageIds = messageIdsIn(drafts);
  const entries = messageIds.length === 0 ? [] : await repository.findByEntryIds(roomId, messageIds);
  const messages: Messages = new Map(entries.filter(isMessage).map((message) => [message.entryId, message]));
  const crowded = drafts.flatMap((draft) => crowdedReaction(draft, messages));
  const taken = new Map(crowded.filter(({ on }) => !on).map((one) => [emojiKey(one.messageId, one.emoji), one]));
  const limit = LIMITS.usersPerReaction + drafts.length;
  const [reacted, reactors] = await Promise.all([
    crowded.length === 0 ? [] : reactions.find(roomId, crowded),
    Promise.all(
      [...taken].map(async ([key, { messageId, emoji }]) => {
        return [key, await reactions.readReactors(roomId, { messageId, emoji, limit })] as const;
      }),
    ),
  ]);
  return { messages, members, reacted: new Set(reacted.map(reactionKey)), reactors: new Map(reactors) };
}

/** A reaction with an emoji that more people have set than the message's entry names. */
function crowdedReaction(draft: Draft, messages: Messages) {
  if (draft.event !== 'reaction_changed') return [];
  const { messageId, emoji, on } = draft.data;
  const reaction = messages.get(messageId)?.data.reactions?.find((one) => one.emoji === emoji);
  if (!reaction || reaction.count <= reaction.userIds.length) return [];
  return [{ messageId, emoji, userId: draft.userId, on }];
}
