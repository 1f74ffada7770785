import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionData, ActionOk } from '@parley/protocol';
import { toRoom } from '../rooms/to-room.ts';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class RenameRoom extends Command<'rename_room'> {
  readonly action = 'rename_room';
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    super();
    this.#rooms = rooms;
  }

  async handle(
    { roomId, name }: ActionData<'rename_room'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'rename_room'>> {
    const { room } = await this.#rooms.renameRoom({ userId, roomId, name: name?.trim() || null });
    return { room: toRoom(room) };
  }
}
