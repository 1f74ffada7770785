import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import { LIMITS, type ActionOk, type RoomId } from '@parley/protocol';
import { IsId, IsPageLimit, IsSeq, MayBeAbsent } from '../input.ts';
import { Command, type CommandContext } from './command.ts';

class GetMessagesInput {
  @IsId()
  readonly roomId!: RoomId;

  @MayBeAbsent()
  @IsSeq()
  readonly before?: number;

  @MayBeAbsent()
  @IsSeq()
  readonly after?: number;

  @MayBeAbsent()
  @IsSeq()
  readonly around?: number;

  @MayBeAbsent()
  @IsPageLimit(LIMITS.messagesPerPage)
  readonly limit: number = LIMITS.messagesPerPage;
}

@Injectable()
export class GetMessages extends Command<'get_messages', GetMessagesInput> {
  readonly action = 'get_messages';
  readonly Input = GetMessagesInput;
  override readonly paged = true;
  readonly #messages: MessageApi;

  constructor(@Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#messages = messages;
  }

  handle(
    { roomId, before, after, around, limit }: GetMessagesInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'get_messages'>> {
    return this.#messages.getMessages({
      ...{ userId, roomId, limit },
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      ...(around === undefined ? {} : { around }),
    });
  }
}
