import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionData, ActionOk } from '@parley/protocol';
import { toRoom } from '../rooms/to-room.ts';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class RemoveMember extends Command<'remove_member'> {
  readonly action = 'remove_member';
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    super();
    this.#rooms = rooms;
  }

  async handle(
    { roomId, userId: memberId }: ActionData<'remove_member'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'remove_member'>> {
    const { room } = await this.#rooms.removeMember({ userId, roomId, memberId });
    return { room: toRoom(room) };
  }
}
