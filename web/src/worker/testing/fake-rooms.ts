import type { Attachment, Message, MessageId, RoomEvent, RoomId, RoomSummary, User, UserId } from '@parley/protocol';

/** A room as the server has it: its members and its log. */
export class FakeRoom {
  readonly roomId: RoomId;
  readonly name: string | null;
  readonly members: User[];
  readonly log: RoomEvent[] = [];

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

  /** The message as it is stored, whether this call stored it or one before. */
  append(
    user: User,
    messageId: MessageId,
    text: string,
    attachments: readonly Attachment[] = [],
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
      createdAt: 1_800_000_000_000 + seq,
    };
    const event = { event: 'message_created', roomId, seq, data: { message, user } } as const;
    this.log.push(event);
    return event;
  }

  join(user: User): RoomEvent {
    this.members.push(user);
    const event: RoomEvent = { event: 'member_joined', roomId: this.roomId, seq: this.head + 1, data: { user } };
    this.log.push(event);
    return event;
  }

  leave(userId: UserId): RoomEvent {
    const place = this.members.findIndex((member) => member.userId === userId);
    if (place >= 0) this.members.splice(place, 1);
    const event: RoomEvent = { event: 'member_left', roomId: this.roomId, seq: this.head + 1, data: { userId } };
    this.log.push(event);
    return event;
  }

  /** The room in someone's list, who has read up to their own last message. */
  summary(reader: UserId): RoomSummary {
    const messages = this.messages();
    const readIndex = messages.findLastIndex(({ userId }) => userId === reader);
    return {
      roomId: this.roomId,
      name: this.name,
      members: this.members.slice(0, 5),
      memberCount: this.members.length,
      createdAt: 1_800_000_000_000,
      head: this.head,
      count: messages.length,
      readSeq: messages[readIndex]?.seq ?? 0,
      readCount: readIndex + 1,
      lastMessage: messages.at(-1) ?? null,
    };
  }
}
