import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import type { ActionData, ActionOk } from '@parley/protocol';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class SetReaction extends Command<'set_reaction'> {
  readonly action = 'set_reaction';
  readonly #messages: MessageApi;

  constructor(@Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#messages = messages;
  }

  handle(
    { roomId, messageId, emoji, on }: ActionData<'set_reaction'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'set_reaction'>> {
    return this.#messages.setReaction({ userId, roomId, messageId, emoji, on });
  }
}
