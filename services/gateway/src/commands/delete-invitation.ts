import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionOk, InvitationId, RoomId } from '@parley/protocol';
import { IsId } from '../input.ts';
import { Command, type CommandContext } from './command.ts';

class DeleteInvitationInput {
  @IsId()
  readonly roomId!: RoomId;

  @IsId()
  readonly invitationId!: InvitationId;
}

@Injectable()
export class DeleteInvitation extends Command<'delete_invitation', DeleteInvitationInput> {
  readonly action = 'delete_invitation';
  readonly Input = DeleteInvitationInput;
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    super();
    this.#rooms = rooms;
  }

  async handle(
    { roomId, invitationId }: DeleteInvitationInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'delete_invitation'>> {
    await this.#rooms.deleteInvitation({ userId, roomId, invitationId });
    return {};
  }
}
