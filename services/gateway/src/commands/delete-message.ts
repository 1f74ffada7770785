import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import type { ActionData, ActionOk } from '@parley/protocol';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class DeleteMessage extends Command<'delete_message'> {
  readonly action = 'delete_message';
  readonly #messages: MessageApi;

  constructor(@Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#messages = messages;
  }

  handle(
    { roomId, messageId }: ActionData<'delete_message'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'delete_message'>> {
    return this.#messages.deleteMessage({ userId, roomId, messageId });
  }
}
