import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionOk, RoomId } from '@parley/protocol';
import { IsId } from '../input.ts';
import { Command, type CommandContext } from './command.ts';

class CreateInvitationInput {
  @IsId()
  readonly roomId!: RoomId;
}

@Injectable()
export class CreateInvitation extends Command<'create_invitation', CreateInvitationInput> {
  readonly action = 'create_invitation';
  readonly Input = CreateInvitationInput;
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    super();
    this.#rooms = rooms;
  }

  handle(
    { roomId }: CreateInvitationInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'create_invitation'>> {
    return this.#rooms.createInvitation({ userId, roomId });
  }
}
