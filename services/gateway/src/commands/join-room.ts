import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { ActionOk } from '@parley/protocol';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { RoomSync } from '../connection/room-sync.ts';
import { RoomSummaries } from '../rooms/room-summaries.ts';
import { Command, type CommandContext } from './command.ts';

const MAX_TOKEN_LENGTH = 128;

class JoinRoomInput {
  @MaxLength(MAX_TOKEN_LENGTH)
  @IsNotEmpty()
  @IsString()
  readonly token!: string;
}

@Injectable()
export class JoinRoom extends Command<'join_room', JoinRoomInput> {
  readonly action = 'join_room';
  readonly Input = JoinRoomInput;
  readonly #rooms: RoomApi;
  readonly #summaries: RoomSummaries;
  readonly #sync: RoomSync;

  constructor(@Inject(ROOM_API) rooms: RoomApi, summaries: RoomSummaries, sync: RoomSync) {
    super();
    this.#rooms = rooms;
    this.#summaries = summaries;
    this.#sync = sync;
  }

  async handle({ token }: JoinRoomInput, { connection: { userId } }: CommandContext): Promise<ActionOk<'join_room'>> {
    const { room } = await this.#rooms.joinRoom({ userId, token });
    await this.#sync.sync(userId);
    return { room: await this.#summaries.one(userId, room.roomId) };
  }
}
