import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionData, ActionOk } from '@parley/protocol';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class DeleteInvitation extends Command<'delete_invitation'> {
  readonly action = 'delete_invitation';
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    super();
    this.#rooms = rooms;
  }

  async handle(
    { roomId, invitationId }: ActionData<'delete_invitation'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'delete_invitation'>> {
    await this.#rooms.deleteInvitation({ userId, roomId, invitationId });
    return {};
  }
}
