import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionData, ActionOk } from '@parley/protocol';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class GetInvitations extends Command<'get_invitations'> {
  readonly action = 'get_invitations';
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    super();
    this.#rooms = rooms;
  }

  handle(
    { roomId }: ActionData<'get_invitations'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'get_invitations'>> {
    return this.#rooms.getInvitations({ userId, roomId });
  }
}
