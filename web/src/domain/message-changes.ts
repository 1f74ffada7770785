import type { LastMessage, Message, Reaction, RoomEvent, RoomEvents, UserId } from '@parley/protocol';

/** An entry of the log that changes an earlier message. */
export type MessageChange = Extract<RoomEvent, { event: 'message_updated' | 'message_deleted' | 'reaction_changed' }>;

/** A message after an entry of the log that speaks of it. */
export function changedMessage<M extends LastMessage>(message: M, change: MessageChange, self: UserId): Message {
  switch (change.event) {
    case 'message_updated': {
      const { reactions } = change.data.message;
      return { ...change.data.message, reactions: reactions.map((reaction) => own(message.reactions, reaction, self)) };
    }
    case 'message_deleted':
      return withoutContent(message, change.data.deletedAt);
    case 'reaction_changed':
      return { ...message, reactions: reactionsAfter(message.reactions, change.data, self) };
  }
}

/** What is left of a message that was deleted. */
export function withoutContent(message: Message, deletedAt: number): Message {
  const { roomId, seq, messageId, userId, createdAt } = message;
  return { roomId, seq, messageId, userId, createdAt, text: '', attachments: [], reactions: [], deletedAt };
}

/** Whether one has reacted so oneself. Of those who did only the first are named, so that an answer may know it alone. */
export const isMine = ({ mine, userIds }: Reaction, self: UserId): boolean => mine ?? userIds.includes(self);

/** What is broadcast does not say which are one's own: what was known of that stays, unless the entry is one's own. */
function reactionsAfter(
  before: readonly Reaction[],
  { userId, emoji, on, reactions }: RoomEvents['reaction_changed'],
  self: UserId,
): readonly Reaction[] {
  return reactions.map((reaction) =>
    userId === self && reaction.emoji === emoji ? marked(reaction, on) : own(before, reaction, self),
  );
}

function own(before: readonly Reaction[], reaction: Reaction, self: UserId): Reaction {
  const known = before.find(({ emoji }) => emoji === reaction.emoji);
  return marked(reaction, reaction.userIds.includes(self) || known?.mine === true);
}

const marked = ({ emoji, count, userIds }: Reaction, mine: boolean): Reaction => ({
  ...{ emoji, count, userIds },
  ...(mine && { mine }),
});
