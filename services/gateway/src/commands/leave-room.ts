import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionOk, RoomId } from '@parley/protocol';
import { RoomSync } from '../connection/room-sync.ts';
import { IsId } from '../input.ts';
import { Command, type CommandContext } from './command.ts';

class LeaveRoomInput {
  @IsId()
  readonly roomId!: RoomId;
}

@Injectable()
export class LeaveRoom extends Command<'leave_room', LeaveRoomInput> {
  readonly action = 'leave_room';
  readonly Input = LeaveRoomInput;
  readonly #rooms: RoomApi;
  readonly #sync: RoomSync;

  constructor(@Inject(ROOM_API) rooms: RoomApi, sync: RoomSync) {
    super();
    this.#rooms = rooms;
    this.#sync = sync;
  }

  async handle(
    { roomId }: LeaveRoomInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'leave_room'>> {
    await this.#rooms.leaveRoom({ userId, roomId });
    await this.#sync.sync(userId);
    return {};
  }
}
