import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionData, ActionOk } from '@parley/protocol';
import { toRoom } from '../rooms/to-room.ts';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class AddMembers extends Command<'add_members'> {
  readonly action = 'add_members';
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    super();
    this.#rooms = rooms;
  }

  /** Answers the room as committed; the events announce the new members. */
  async handle(
    { roomId, memberIds }: ActionData<'add_members'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'add_members'>> {
    const { room } = await this.#rooms.addMembers({ userId, roomId, memberIds });
    return { room: toRoom(room) };
  }
}
