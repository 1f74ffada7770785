import type { Attachment, Message, MessageId, RoomEvent, RoomId, RoomSummary, User, UserId } from '@parley/protocol';
import { isMentioned } from '../../domain/mentions.ts';
import { withoutContent } from '../../domain/message-changes.ts';

/** A room as the server has it: its members and its log. */
export class FakeRoom {
  readonly roomId: RoomId;
  name: string | null;
  readonly members: User[];
  readonly log: RoomEvent[] = [];
  /** Read positions of members who have read further than their own last message. */
  readonly read = new Map<UserId, number>();

  constructor(roomId: RoomId, name: string | null, members: readonly User[]) {
    this.roomId = roomId;
    this.name = name;
    this.members = [...members];
  }

  get head(): number {
    return this.log.length;
  }

  messages(): Message[] {
    return this.log.flatMap((event) => (event.event === 'message_created' ? [event.data.message] : []));
  }

  /** The stored message, also if an earlier call stored it. */
  append(
    user: User,
    messageId: MessageId,
    text: string,
    attachments: readonly Attachment[] = [],
    more: Pick<Message, 'replyTo' | 'mentions'> = {},
  ): Extract<RoomEvent, { event: 'message_created' }> {
    for (const event of this.log) {
      if (event.event === 'message_created' && event.data.message.messageId === messageId) return event;
    }
    const { roomId } = this;
    const seq = this.head + 1;
    const message: Message = {
      ...{ roomId, seq, messageId, userId: user.userId, text },
      attachments,
      reactions: [],
      ...more,
      createdAt: 1_800_000_000_000 + seq,
    };
    const event = { event: 'message_created', roomId, seq, data: { message, user } } as const;
    this.log.push(event);
    return event;
  }

  /** Changes a message in place, and appends the change to the log. */
  edit(message: Message, user: User, text: string): RoomEvent {
    const edited = { ...message, text, editedAt: 1_800_000_000_000 + this.head + 1 };
    return this.#change(edited, { event: 'message_updated', data: { message: edited, user } });
  }

  delete(message: Message): RoomEvent {
    const { messageId, seq: messageSeq, userId } = message;
    const deletedAt = 1_800_000_000_000 + this.head + 1;
    const data = { messageId, messageSeq, userId, deletedAt };
    return this.#change(withoutContent(message, deletedAt), { event: 'message_deleted', data });
  }

  react(message: Message, { userId }: User, emoji: string, on: boolean): RoomEvent {
    const before = message.reactions.find((reaction) => reaction.emoji === emoji)?.userIds ?? [];
    const userIds = on ? [...before, userId] : before.filter((other) => other !== userId);
    const others = message.reactions.filter((reaction) => reaction.emoji !== emoji);
    const reactions = userIds.length > 0 ? [...others, { emoji, count: userIds.length, userIds }] : others;
    const data = { messageId: message.messageId, messageSeq: message.seq, userId, emoji, on, reactions };
    return this.#change({ ...message, reactions }, { event: 'reaction_changed', data });
  }

  /** Appends an entry of a later release, which this one does not know. */
  appendUnknown(data: unknown): RoomEvent {
    const event = { ...this.#next(), event: 'x_unknown', data } as unknown as RoomEvent;
    this.log.push(event);
    return event;
  }

  rename(name: string | null, { userId }: User): RoomEvent {
    this.name = name;
    const event: RoomEvent = { ...this.#next(), event: 'room_renamed', data: { name, userId } };
    this.log.push(event);
    return event;
  }

  leave(userId: UserId, removedBy?: User): RoomEvent {
    const place = this.members.findIndex((member) => member.userId === userId);
    if (place >= 0) this.members.splice(place, 1);
    const data = { userId, ...(removedBy && { removedBy: removedBy.userId }) };
    const event: RoomEvent = { ...this.#next(), event: 'member_left', data };
    this.log.push(event);
    return event;
  }

  join(user: User): RoomEvent {
    this.members.push(user);
    const event: RoomEvent = { event: 'member_joined', roomId: this.roomId, seq: this.head + 1, data: { user } };
    this.log.push(event);
    return event;
  }

  /** The room's summary for a member, who has read at least up to the own last message. */
  summary(reader: UserId): RoomSummary {
    const messages = this.messages();
    const own = messages.findLast(({ userId }) => userId === reader)?.seq ?? 0;
    const readSeq = Math.max(own, this.read.get(reader) ?? 0);
    const unread = messages.filter(({ seq }) => seq > readSeq);
    return {
      roomId: this.roomId,
      name: this.name,
      members: this.members.slice(0, 5),
      memberCount: this.members.length,
      createdAt: 1_800_000_000_000,
      head: this.head,
      count: messages.length,
      readSeq,
      readCount: messages.length - unread.length,
      mentionCount: unread.filter((message) => isMentioned(message, reader)).length,
      lastMessage: messages.at(-1) ?? null,
    };
  }

  #change(
    now: Message,
    change: Omit<
      Extract<RoomEvent, { event: 'message_updated' | 'message_deleted' | 'reaction_changed' }>,
      'roomId' | 'seq'
    >,
  ): RoomEvent {
    const place = now.seq - 1;
    const created = this.log[place];
    if (created?.event === 'message_created') this.log[place] = { ...created, data: { ...created.data, message: now } };
    const event = { ...this.#next(), ...change } as RoomEvent;
    this.log.push(event);
    return event;
  }

  #next() {
    return { roomId: this.roomId, seq: this.head + 1 };
  }
}
