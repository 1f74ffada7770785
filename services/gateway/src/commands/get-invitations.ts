import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionOk, RoomId } from '@parley/protocol';
import { IsId } from '../input.ts';
import { Command, type CommandContext } from './command.ts';

class GetInvitationsInput {
  @IsId()
  readonly roomId!: RoomId;
}

@Injectable()
export class GetInvitations extends Command<'get_invitations', GetInvitationsInput> {
  readonly action = 'get_invitations';
  readonly Input = GetInvitationsInput;
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    super();
    this.#rooms = rooms;
  }

  handle(
    { roomId }: GetInvitationsInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'get_invitations'>> {
    return this.#rooms.getInvitations({ userId, roomId });
  }
}
