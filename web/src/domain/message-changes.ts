import type { LastMessage, Message, Reaction, RoomEvent, RoomEvents, UserId } from '@parley/protocol';

/** An entry of the log that changes an earlier message. */
export type MessageChange = Extract<RoomEvent, { event: 'message_updated' | 'message_deleted' | 'reaction_changed' }>;

/** The message after a change. */
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

/** What remains of a deleted message. */
export function withoutContent(message: Message, deletedAt: number): Message {
  const { roomId, seq, messageId, userId, createdAt } = message;
  return { roomId, seq, messageId, userId, createdAt, text: '', attachments: [], reactions: [], deletedAt };
}

/** Whether the user reacted with this emoji. An entry names only the first users, so `mine` decides where it is set. */
export const isMine = ({ mine, userIds }: Reaction, self: UserId): boolean => mine ?? userIds.includes(self);

/** Broadcast entries do not mark the user's own reactions: the known marks stay, unless the entry is the user's own. */
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
