import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionData, ActionOk } from '@parley/protocol';
import { RoomHub } from '../fanout/room-hub.ts';
import { RoomSummaries } from '../rooms/room-summaries.ts';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class GetUserRooms extends Command<'get_user_rooms'> {
  readonly action = 'get_user_rooms';
  override readonly paged = true;
  readonly #rooms: RoomApi;
  readonly #summaries: RoomSummaries;
  readonly #hub: RoomHub;

  constructor(@Inject(ROOM_API) rooms: RoomApi, summaries: RoomSummaries, hub: RoomHub) {
    super();
    this.#rooms = rooms;
    this.#summaries = summaries;
    this.#hub = hub;
  }

  async handle(
    { after }: ActionData<'get_user_rooms'>,
    { connection, afterAnswer }: CommandContext,
  ): Promise<ActionOk<'get_user_rooms'>> {
    const { roomsVersion, memberships } = await this.#rooms.getMemberships({ userId: connection.userId });
    const heads = await this.#summaries.readHeads(memberships.map(({ roomId }) => roomId));
    const page = await this.#summaries.page(connection.userId, memberships, heads, after);
    // Entries published after the heads were read may have reached a client that did not know the room yet.
    const moved = page.rooms.filter(({ roomId, head }) => (this.#hub.lastSeq(roomId) ?? 0) > head);
    afterAnswer(() => {
      for (const { roomId } of moved) connection.resync(roomId);
    });
    return { ...page, roomsVersion };
  }
}
