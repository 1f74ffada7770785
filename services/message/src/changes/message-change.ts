import { ParleyError } from '@parley/contracts';
import { LIMITS, type UserId } from '@parley/protocol';
import type { MessageChange, MessageDeletion, MessageContent, MessageEntry, MessageUpdate } from '../log/entry.ts';
import { contentDigest, sentContentOf } from '../log/retry.ts';

/** The message with its new text; itself when it has that already; or why not. */
export function updateMessage(message: MessageEntry, newEntry: MessageUpdate, at: number): MessageEntry | ParleyError {
  const { text, mentions } = newEntry.data;
  const { data } = message;
  if (data.deletedAt !== undefined) return noSuchMessage();
  if (message.userId !== newEntry.userId) return notYours();
  if (text === data.text && (mentions === undefined || isSameList(mentions, data.mentions ?? []))) return message;
  if (text.trim() === '' && data.attachments === undefined) return emptyText();
  const { mentions: _before, ...rest } = data;
  const content = { ...rest, text, editedAt: at, original: originalOf(data) };
  return { ...message, data: mentions === undefined || mentions.length === 0 ? content : { ...content, mentions } };
}

/** What is left of the message: its place. */
export function deleteMessage(
  message: MessageEntry,
  newEntry: MessageDeletion,
  at: number,
): MessageEntry | ParleyError {
  if (message.userId !== newEntry.userId) return notYours();
  if (message.data.deletedAt !== undefined) return message;
  return { ...message, data: { text: '', deletedAt: at, original: originalOf(message.data) } };
}

/** What is known of one emoji under a message. */
export interface Reactors {
  /** Whether the person has set it. */
  readonly reacted: boolean;
  /** Who has, in that order: all of them, or at least so many that those shown can be filled up. */
  readonly order: readonly UserId[];
}

/** The message with the emoji set or taken back, and who has set it then; itself when it is so already; or why not. */
export function setReaction(
  message: MessageEntry,
  { userId, data: { emoji, on } }: Extract<MessageChange, { event: 'reaction_changed' }>,
  { reacted, order }: Reactors,
): { message: MessageEntry; order: readonly UserId[] } | ParleyError {
  if (message.data.deletedAt !== undefined) return noSuchMessage();
  if (reacted === on) return { message, order };
  const { reactions = [], ...rest } = message.data;
  const before = reactions.find((one) => one.emoji === emoji);
  if (on && !before && reactions.length >= LIMITS.reactionsPerMessage) return tooManyReactions();
  const countBefore = before?.count ?? 0;
  // Behind the end of what is known others stand, before whoever comes now.
  const arrived = order.length === countBefore ? [...order, userId] : order;
  const after = on ? arrived : order.filter((one) => one !== userId);
  const reaction = {
    emoji,
    count: countBefore + (on ? 1 : -1),
    userIds: after.slice(0, LIMITS.usersPerReaction),
  };
  const changed = before
    ? reactions.flatMap((one) => (one !== before ? [one] : reaction.count > 0 ? [reaction] : []))
    : [...reactions, reaction];
  const data = changed.length === 0 ? rest : { ...rest, reactions: changed };
  return { message: { ...message, data }, order: after };
}

const originalOf = (data: MessageContent): string => data.original ?? contentDigest(sentContentOf(data));

const isSameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((item, index) => item === other[index]);

/** Alike for one that there never was and one that is deleted. */
export const noSuchMessage = (): ParleyError =>
  new ParleyError('not_found', 'There is no such message in this room (any more).');

const notYours = (): ParleyError => new ParleyError('forbidden', 'Only who wrote a message can change or delete it.');

const emptyText = (): ParleyError => new ParleyError('invalid', 'text must not be empty.');

const tooManyReactions = (): ParleyError =>
  new ParleyError('too_large', `A message can have at most ${LIMITS.reactionsPerMessage} different emoji.`);
