import { Injectable } from '@nestjs/common';
import type { ActionOk } from '@parley/protocol';
import { IsBoolean } from 'class-validator';
import { Presence } from '../presence/presence.ts';
import { Command, type CommandContext } from './command.ts';

class SetAwayInput {
  @IsBoolean()
  readonly away!: boolean;
}

@Injectable()
export class SetAway extends Command<'set_away', SetAwayInput> {
  readonly action = 'set_away';
  readonly Input = SetAwayInput;
  readonly #presence: Presence;

  constructor(presence: Presence) {
    super();
    this.#presence = presence;
  }

  async handle({ away }: SetAwayInput, { connection }: CommandContext): Promise<ActionOk<'set_away'>> {
    this.#presence.setAway(connection, away);
    return {};
  }
}
