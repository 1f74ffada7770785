import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import { LIMITS, type ActionData, type ActionOk } from '@parley/protocol';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class SearchMessages extends Command<'search_messages'> {
  readonly action = 'search_messages';
  override readonly paged = true;
  readonly #messages: MessageApi;

  constructor(@Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#messages = messages;
  }

  handle(
    { query, roomId, userId: author, limit = LIMITS.messagesPerSearch, before }: ActionData<'search_messages'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'search_messages'>> {
    return this.#messages.searchMessages({
      ...{ userId, query, limit },
      ...(roomId === undefined ? {} : { roomId }),
      ...(author === undefined ? {} : { author }),
      ...(before === undefined ? {} : { before }),
    });
  }
}
