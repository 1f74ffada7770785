import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import type { ActionData, ActionOk } from '@parley/protocol';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class FindMessages extends Command<'find_messages'> {
  readonly action = 'find_messages';
  override readonly paged = true;
  readonly #messages: MessageApi;

  constructor(@Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#messages = messages;
  }

  handle(
    { roomId, messageIds }: ActionData<'find_messages'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'find_messages'>> {
    return this.#messages.findMessages({ userId, roomId, messageIds });
  }
}
