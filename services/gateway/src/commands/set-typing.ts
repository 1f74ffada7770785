import { Inject, Injectable } from '@nestjs/common';
import { BUS, type Bus } from '@parley/bus';
import { encodeRoomNotice, ParleyError, roomChannel } from '@parley/contracts';
import { CLOCK, LOGGER, type Clock, type Logger } from '@parley/platform';
import type { ActionData, ActionOk } from '@parley/protocol';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class SetTyping extends Command<'set_typing'> {
  readonly action = 'set_typing';
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(@Inject(BUS) bus: Bus, @Inject(CLOCK) clock: Clock, @Inject(LOGGER) logger: Logger) {
    super();
    this.#bus = bus;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Typing notices go over the bus only: nothing is stored, and a lost notice is not repeated. */
  async handle({ roomId }: ActionData<'set_typing'>, { connection }: CommandContext): Promise<ActionOk<'set_typing'>> {
    const { userId } = connection;
    const subscription = connection.subscriptions.get(roomId);
    if (subscription === undefined) throw new ParleyError('not_member', 'You are not a member of this room.');
    if (!subscription.allowTyping(this.#clock.monotonic())) return {};
    this.#bus
      .publish(roomChannel(roomId), encodeRoomNotice({ kind: 'typing', roomId, userId }))
      .catch((error: unknown) => {
        this.#logger.debug({ err: error, roomId }, 'Failed to publish typing notice.');
      });
    return {};
  }
}
