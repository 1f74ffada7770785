import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import type { ActionData, ActionOk } from '@parley/protocol';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class UpdateMessage extends Command<'update_message'> {
  readonly action = 'update_message';
  readonly #messages: MessageApi;

  constructor(@Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#messages = messages;
  }

  handle(
    { roomId, messageId, text, mentions }: ActionData<'update_message'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'update_message'>> {
    const changed = { userId, roomId, messageId, text };
    return this.#messages.updateMessage(mentions === undefined ? changed : { ...changed, mentions });
  }
}
