import type { Message, Reaction, RoomEvent } from '@parley/protocol';
import { withoutContent } from './room-model.ts';

/** What a client shows of a room's messages, by seq, once it has applied these entries. */
export function messagesAfter(events: readonly RoomEvent[]): Map<number, Message> {
  const messages = new Map<number, Message>();
  const change = (seq: number, changed: (message: Message) => Message): void => {
    const message = messages.get(seq);
    if (message) messages.set(seq, changed(message));
  };
  for (const event of events) {
    switch (event.event) {
      case 'message_created':
        messages.set(event.seq, withoutMine(event.data.message));
        break;
      case 'message_updated':
        change(event.data.message.seq, () => withoutMine(event.data.message));
        break;
      case 'message_deleted':
        change(event.data.messageSeq, (message) => withoutContent(message, event.data.deletedAt));
        break;
      case 'reaction_changed':
        change(event.data.messageSeq, (message) => withoutMine({ ...message, reactions: event.data.reactions }));
        break;
      case 'member_joined':
      case 'member_left':
      case 'room_renamed':
    }
  }
  return messages;
}

/** The same for everybody. */
export const withoutMine = <Of extends { readonly reactions: readonly Reaction[] }>(message: Of): Of => ({
  ...message,
  reactions: message.reactions.map(({ mine: _mine, ...reaction }) => reaction),
});

/** seq of the message that an entry makes or changes. */
export function messageSeqOf(event: RoomEvent): number | undefined {
  switch (event.event) {
    case 'message_created':
      return event.seq;
    case 'message_updated':
      return event.data.message.seq;
    case 'message_deleted':
    case 'reaction_changed':
      return event.data.messageSeq;
    case 'member_joined':
    case 'member_left':
    case 'room_renamed':
      return undefined;
  }
}

/** The part of an entry that never changes: all but the state of its message. */
export function constantPart(event: RoomEvent): object {
  switch (event.event) {
    case 'message_created':
    case 'message_updated': {
      const { messageId, seq, userId, createdAt } = event.data.message;
      return { ...event, data: { messageId, seq, userId, createdAt } };
    }
    case 'reaction_changed': {
      const { reactions: _reactions, ...data } = event.data;
      return { ...event, data };
    }
    case 'message_deleted':
    case 'member_joined':
    case 'member_left':
    case 'room_renamed':
      return event;
  }
}
