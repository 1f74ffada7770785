import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import { LIMITS, type ActionData, type ActionOk } from '@parley/protocol';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class GetMembers extends Command<'get_members'> {
  readonly action = 'get_members';
  override readonly paged = true;
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    super();
    this.#rooms = rooms;
  }

  handle(
    { roomId, after, limit = LIMITS.membersPerPage }: ActionData<'get_members'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'get_members'>> {
    return this.#rooms.getMembers({ userId, roomId, ...(after === undefined ? {} : { after }), limit });
  }
}
