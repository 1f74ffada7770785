import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, ROOM_API, type MessageApi, type RoomApi } from '@parley/contracts';
import type { ActionData, ActionOk, RoomEvent, UserId } from '@parley/protocol';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class GetReaders extends Command<'get_readers'> {
  readonly action = 'get_readers';
  readonly #rooms: RoomApi;
  readonly #messages: MessageApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi, @Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#rooms = rooms;
    this.#messages = messages;
  }

  async handle(
    { roomId, seq }: ActionData<'get_readers'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'get_readers'>> {
    const { events } = await this.#messages.getEvents({ userId, roomId, after: seq - 1, limit: 1 });
    const [event] = events;
    const exceptId = event && authorOf(event);
    return this.#rooms.getReaders({ userId, roomId, seq, ...(exceptId && { exceptId }) });
  }
}

/** Undefined for entries of kinds that a later release adds. */
function authorOf(event: RoomEvent): UserId | undefined {
  switch (event.event) {
    case 'message_created':
    case 'message_updated':
    case 'member_joined':
      return event.data.user.userId;
    case 'member_left':
    case 'message_deleted':
    case 'reaction_changed':
    case 'room_renamed':
      return event.data.userId;
    default:
      return undefined;
  }
}
