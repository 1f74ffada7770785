import { ParleyError } from '@parley/contracts';
import { LIMITS, type UserId } from '@parley/protocol';
import type { MessageChange, MessageDeletion, MessageContent, MessageEntry, MessageUpdate } from '../log/entry.ts';
import { contentDigest, sentContentOf } from '../log/retry.ts';

/** The message with its new text, the same object when nothing changes, or an error. */
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

/** The message without its content, the same object when it is already deleted, or an error. */
export function deleteMessage(
  message: MessageEntry,
  newEntry: MessageDeletion,
  at: number,
): MessageEntry | ParleyError {
  if (message.userId !== newEntry.userId) return notYours();
  if (message.data.deletedAt !== undefined) return message;
  return { ...message, data: { text: '', deletedAt: at, original: originalOf(message.data) } };
}

/** Who reacted to a message with one emoji. */
export interface Reactors {
  /** Whether the user of the change has. */
  readonly reacted: boolean;
  /** In the order of their reactions: all users, or at least as many as a message shows after the change. */
  readonly order: readonly UserId[];
}

/**
 * The message with the emoji added or removed, and the users who reacted with it after that; the same message when
 * nothing changes; or an error.
 */
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
  // Where `order` is not complete, other users come before the one who reacts now.
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

/** The same for a message that never existed and for a deleted one. */
export const noSuchMessage = (): ParleyError => new ParleyError('not_found', 'This room has no such message.');

const notYours = (): ParleyError =>
  new ParleyError('forbidden', 'Only the author of a message can change or delete it.');

const emptyText = (): ParleyError => new ParleyError('invalid', 'text must not be empty.');

const tooManyReactions = (): ParleyError =>
  new ParleyError('too_large', `A message can have at most ${LIMITS.reactionsPerMessage} different emoji.`);
