import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import { LIMITS, type ActionData, type ActionOk } from '@parley/protocol';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class GetEvents extends Command<'get_events'> {
  readonly action = 'get_events';
  override readonly paged = true;
  readonly #messages: MessageApi;

  constructor(@Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#messages = messages;
  }

  handle(
    { roomId, after, limit = LIMITS.eventsPerPage }: ActionData<'get_events'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'get_events'>> {
    return this.#messages.getEvents({ userId, roomId, after, limit });
  }
}
