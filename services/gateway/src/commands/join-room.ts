import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionData, ActionOk } from '@parley/protocol';
import { RoomSync } from '../connection/room-sync.ts';
import { RoomSummaries } from '../rooms/room-summaries.ts';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class JoinRoom extends Command<'join_room'> {
  readonly action = 'join_room';
  readonly #rooms: RoomApi;
  readonly #summaries: RoomSummaries;
  readonly #sync: RoomSync;

  constructor(@Inject(ROOM_API) rooms: RoomApi, summaries: RoomSummaries, sync: RoomSync) {
    super();
    this.#rooms = rooms;
    this.#summaries = summaries;
    this.#sync = sync;
  }

  async handle(
    { token }: ActionData<'join_room'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'join_room'>> {
    const { room } = await this.#rooms.joinRoom({ userId, token });
    await this.#sync.sync(userId);
    return { room: await this.#summaries.one(userId, room.roomId) };
  }
}
