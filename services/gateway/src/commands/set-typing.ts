import { Inject, Injectable } from '@nestjs/common';
import { BUS, type Bus } from '@parley/bus';
import { encodeRoomNotice, ParleyError, roomChannel } from '@parley/contracts';
import { CLOCK, LOGGER, type Clock, type Logger } from '@parley/platform';
import type { ActionOk, RoomId } from '@parley/protocol';
import { IsId } from '../input.ts';
import { Command, type CommandContext } from './command.ts';

class SetTypingInput {
  @IsId()
  readonly roomId!: RoomId;
}

@Injectable()
export class SetTyping extends Command<'set_typing', SetTypingInput> {
  readonly action = 'set_typing';
  readonly Input = SetTypingInput;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(@Inject(BUS) bus: Bus, @Inject(CLOCK) clock: Clock, @Inject(LOGGER) logger: Logger) {
    super();
    this.#bus = bus;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Over the bus and nowhere else: nothing of it is stored, and when it is lost nothing is missing. */
  async handle({ roomId }: SetTypingInput, { connection }: CommandContext): Promise<ActionOk<'set_typing'>> {
    const { userId } = connection;
    const seat = connection.seats.get(roomId);
    if (seat === undefined) throw new ParleyError('not_member', 'You are not a member of this room.');
    if (!seat.type(this.#clock.monotonic())) return {};
    this.#bus
      .publish(roomChannel(roomId), encodeRoomNotice({ kind: 'typing', roomId, userId }))
      .catch((error: unknown) => {
        this.#logger.debug({ err: error, roomId }, 'The bus did not take that somebody is typing.');
      });
    return {};
  }
}
