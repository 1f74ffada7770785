import { Inject, Injectable } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import { LIMITS, type ActionOk, type RoomId } from '@parley/protocol';
import { IsCursor, IsId, IsPageLimit, MayBeAbsent } from '../input.ts';
import { Command, type CommandContext } from './command.ts';

class GetMembersInput {
  @IsId()
  readonly roomId!: RoomId;

  @MayBeAbsent()
  @IsCursor()
  readonly after?: string;

  @MayBeAbsent()
  @IsPageLimit(LIMITS.membersPerPage)
  readonly limit: number = LIMITS.membersPerPage;
}

@Injectable()
export class GetMembers extends Command<'get_members', GetMembersInput> {
  readonly action = 'get_members';
  readonly Input = GetMembersInput;
  override readonly paged = true;
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    super();
    this.#rooms = rooms;
  }

  handle(
    { roomId, after, limit }: GetMembersInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'get_members'>> {
    return this.#rooms.getMembers({ userId, roomId, ...(after === undefined ? {} : { after }), limit });
  }
}
