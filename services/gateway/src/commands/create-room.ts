import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionData, ActionOk } from '@parley/protocol';
import { RoomSync } from '../connection/room-sync.ts';
import { RoomSummaries } from '../rooms/room-summaries.ts';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class CreateRoom extends Command<'create_room'> {
  readonly action = 'create_room';
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
    input: ActionData<'create_room'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'create_room'>> {
    const { roomId, name, memberIds } = input;
    await this.#rooms.createRoom({ userId, roomId, name: name?.trim() || null, memberIds });
    await this.#sync.sync(userId);
    return { room: await this.#summaries.one(userId, roomId) };
  }
}
