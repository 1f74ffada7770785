import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionData, ActionOk } from '@parley/protocol';
import { RoomSync } from '../connection/room-sync.ts';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class LeaveRoom extends Command<'leave_room'> {
  readonly action = 'leave_room';
  readonly #rooms: RoomApi;
  readonly #sync: RoomSync;

  constructor(@Inject(ROOM_API) rooms: RoomApi, sync: RoomSync) {
    super();
    this.#rooms = rooms;
    this.#sync = sync;
  }

  async handle(
    { roomId }: ActionData<'leave_room'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'leave_room'>> {
    await this.#rooms.leaveRoom({ userId, roomId });
    await this.#sync.sync(userId);
    return {};
  }
}
