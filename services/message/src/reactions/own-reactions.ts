import { Inject, Injectable } from '@nestjs/common';
import type { Message, Reaction, RoomEvent, RoomId, UserId } from '@parley/protocol';
import { reactionKey, type ReactionKey } from '../log/batch-changes.ts';
import { REACTION_REPOSITORY, type ReactionRepository } from './reaction.repository.ts';

interface Reacted {
  readonly messageId: Message['messageId'];
  readonly reactions: readonly Reaction[];
}

/** Marks the reader's own reactions, in answers to one user; broadcasts have no such marks. */
@Injectable()
export class OwnReactions {
  readonly #repository: ReactionRepository;

  constructor(@Inject(REACTION_REPOSITORY) repository: ReactionRepository) {
    this.#repository = repository;
  }

  async markMessages<Of extends Message>(userId: UserId, messages: readonly Of[]): Promise<Of[]> {
    const mark = await this.#marker(userId, messages[0]?.roomId, messages);
    return messages.map((message) => withReactions(message, mark(message)));
  }

  async markMessage(userId: UserId, message: Message): Promise<Message> {
    const [marked = message] = await this.markMessages(userId, [message]);
    return marked;
  }

  async markEvents(userId: UserId, events: readonly RoomEvent[]): Promise<RoomEvent[]> {
    const mark = await this.#marker(userId, events[0]?.roomId, events.flatMap(reactedIn));
    return events.map((event): RoomEvent => {
      if (event.event === 'message_created')
        return { ...event, data: { ...event.data, message: marked(event.data.message, mark) } };
      if (event.event === 'message_updated')
        return { ...event, data: { ...event.data, message: marked(event.data.message, mark) } };
      if (event.event === 'reaction_changed') return { ...event, data: withReactions(event.data, mark(event.data)) };
      return event;
    });
  }

  /** At most one query: for emoji with more users than the message names, and the reader not among these. */
  async #marker(userId: UserId, roomId: RoomId | undefined, all: readonly Reacted[]) {
    const hidden = new Map<string, ReactionKey>();
    for (const { messageId, reactions } of all) {
      for (const { emoji, count, userIds } of reactions) {
        if (count <= userIds.length || userIds.includes(userId)) continue;
        const key = { messageId, emoji, userId };
        hidden.set(reactionKey(key), key);
      }
    }
    const found =
      roomId === undefined || hidden.size === 0 ? [] : await this.#repository.find(roomId, [...hidden.values()]);
    const own = new Set(found.map(reactionKey));
    return ({ messageId, reactions }: Reacted): Reaction[] =>
      reactions.map((reaction) => ({
        ...reaction,
        mine: reaction.userIds.includes(userId) || own.has(reactionKey({ messageId, emoji: reaction.emoji, userId })),
      }));
  }
}

function reactedIn(event: RoomEvent): Reacted[] {
  if (event.event === 'message_created' || event.event === 'message_updated') return [event.data.message];
  return event.event === 'reaction_changed' ? [event.data] : [];
}

const withReactions = <Of extends Reacted>(reacted: Of, reactions: readonly Reaction[]): Of =>
  reactions.length === 0 ? reacted : { ...reacted, reactions };

const marked = (message: Message, mark: (reacted: Reacted) => Reaction[]): Message =>
  withReactions(message, mark(message));
