import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import { LIMITS, type ActionData, type ActionOk } from '@parley/protocol';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class GetMessages extends Command<'get_messages'> {
  readonly action = 'get_messages';
  override readonly paged = true;
  readonly #messages: MessageApi;

  constructor(@Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#messages = messages;
  }

  handle(
    { roomId, before, after, around, limit = LIMITS.messagesPerPage }: ActionData<'get_messages'>,
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
