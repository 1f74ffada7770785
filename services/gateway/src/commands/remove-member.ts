import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionOk, RoomId, UserId } from '@parley/protocol';
import { IsId } from '../input.ts';
import { toldRoom } from '../rooms/told-room.ts';
import { Command, type CommandContext } from './command.ts';

class RemoveMemberInput {
  @IsId()
  readonly roomId!: RoomId;

  /** Who is removed: the one whom a frame may name. */
  @IsId()
  readonly userId!: UserId;
}

@Injectable()
export class RemoveMember extends Command<'remove_member', RemoveMemberInput> {
  readonly action = 'remove_member';
  readonly Input = RemoveMemberInput;
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    super();
    this.#rooms = rooms;
  }

  async handle(
    { roomId, userId: memberId }: RemoveMemberInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'remove_member'>> {
    const { room } = await this.#rooms.removeMember({ userId, roomId, memberId });
    return { room: toldRoom(room) };
  }
}
