import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import { LIMITS, type ActionOk, type RoomId, type UserId } from '@parley/protocol';
import { ArrayMaxSize, ArrayNotEmpty, IsArray } from 'class-validator';
import { AreIds, IsId, TOO_LARGE } from '../input.ts';
import { toldRoom } from '../rooms/told-room.ts';
import { Command, type CommandContext } from './command.ts';

class AddMembersInput {
  @IsId()
  readonly roomId!: RoomId;

  @AreIds()
  @ArrayNotEmpty()
  @ArrayMaxSize(LIMITS.membersPerCreateRoom, TOO_LARGE)
  @IsArray()
  readonly memberIds!: UserId[];
}

@Injectable()
export class AddMembers extends Command<'add_members', AddMembersInput> {
  readonly action = 'add_members';
  readonly Input = AddMembersInput;
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    super();
    this.#rooms = rooms;
  }

  /** The room is answered as it is committed; that people joined is told by the events. */
  async handle(
    { roomId, memberIds }: AddMembersInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'add_members'>> {
    const { room } = await this.#rooms.addMembers({ userId, roomId, memberIds });
    return { room: toldRoom(room) };
  }
}
