import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import { LIMITS, type ActionOk, type RoomId, type UserId } from '@parley/protocol';
import { ArrayMaxSize, IsArray, IsString, MaxLength } from 'class-validator';
import { RoomSync } from '../connection/room-sync.ts';
import { AreIds, IsId, IsWellFormed, MayBeAbsent, TOO_LARGE } from '../input.ts';
import { RoomSummaries } from '../rooms/room-summaries.ts';
import { Command, type CommandContext } from './command.ts';

class CreateRoomInput {
  @IsId()
  readonly roomId!: RoomId;

  @MayBeAbsent()
  @MaxLength(LIMITS.roomNameLength, TOO_LARGE)
  @IsWellFormed()
  @IsString()
  readonly name?: string;

  @AreIds()
  @ArrayMaxSize(LIMITS.membersPerCreateRoom, TOO_LARGE)
  @IsArray()
  readonly memberIds!: UserId[];
}

@Injectable()
export class CreateRoom extends Command<'create_room', CreateRoomInput> {
  readonly action = 'create_room';
  readonly Input = CreateRoomInput;
  readonly #rooms: RoomApi;
  readonly #summaries: RoomSummaries;
  readonly #sync: RoomSync;

  constructor(@Inject(ROOM_API) rooms: RoomApi, summaries: RoomSummaries, sync: RoomSync) {
    super();
    this.#rooms = rooms;
    this.#summaries = summaries;
    this.#sync = sync;
  }

  async handle(input: CreateRoomInput, { connection: { userId } }: CommandContext): Promise<ActionOk<'create_room'>> {
    const { roomId, name, memberIds } = input;
    await this.#rooms.createRoom({ userId, roomId, name: name?.trim() || null, memberIds });
    await this.#sync.sync(userId);
    return { room: await this.#summaries.one(userId, roomId) };
  }
}
