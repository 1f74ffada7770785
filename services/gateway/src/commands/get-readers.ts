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
    return this.#rooms.getReaders({ userId, roomId, seq, ...(event ? { exceptId: authorOf(event) } : {}) });
  }
}

function authorOf({ data }: RoomEvent): UserId {
  return 'user' in data ? data.user.userId : data.userId;
}
