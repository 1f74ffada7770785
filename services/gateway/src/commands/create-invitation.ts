import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionData, ActionOk } from '@parley/protocol';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class CreateInvitation extends Command<'create_invitation'> {
  readonly action = 'create_invitation';
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    super();
    this.#rooms = rooms;
  }

  handle(
    { roomId }: ActionData<'create_invitation'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'create_invitation'>> {
    return this.#rooms.createInvitation({ userId, roomId });
  }
}
