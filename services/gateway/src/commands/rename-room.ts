import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import { LIMITS, type ActionOk, type RoomId } from '@parley/protocol';
import { IsString, MaxLength } from 'class-validator';
import { IsId, IsWellFormed, MayBeAbsent, TOO_LARGE } from '../input.ts';
import { toldRoom } from '../rooms/told-room.ts';
import { Command, type CommandContext } from './command.ts';

class RenameRoomInput {
  @IsId()
  readonly roomId!: RoomId;

  @MayBeAbsent()
  @MaxLength(LIMITS.roomNameLength, TOO_LARGE)
  @IsWellFormed()
  @IsString()
  readonly name?: string;
}

@Injectable()
export class RenameRoom extends Command<'rename_room', RenameRoomInput> {
  readonly action = 'rename_room';
  readonly Input = RenameRoomInput;
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    super();
    this.#rooms = rooms;
  }

  async handle(
    { roomId, name }: RenameRoomInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'rename_room'>> {
    const { room } = await this.#rooms.renameRoom({ userId, roomId, name: name?.trim() || null });
    return { room: toldRoom(room) };
  }
}
