import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import { LIMITS, type ActionOk, type RoomId } from '@parley/protocol';
import { IsId, IsPageLimit, IsSeq, MayBeAbsent } from '../input.ts';
import { Command, type CommandContext } from './command.ts';

class GetEventsInput {
  @IsId()
  readonly roomId!: RoomId;

  @IsSeq()
  readonly after!: number;

  @MayBeAbsent()
  @IsPageLimit(LIMITS.eventsPerPage)
  readonly limit: number = LIMITS.eventsPerPage;
}

@Injectable()
export class GetEvents extends Command<'get_events', GetEventsInput> {
  readonly action = 'get_events';
  readonly Input = GetEventsInput;
  override readonly paged = true;
  readonly #messages: MessageApi;

  constructor(@Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#messages = messages;
  }

  handle(
    { roomId, after, limit }: GetEventsInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'get_events'>> {
    return this.#messages.getEvents({ userId, roomId, after, limit });
  }
}
