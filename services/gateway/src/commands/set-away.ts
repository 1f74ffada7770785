import { Injectable } from '@nestjs/common';
import type { ActionData, ActionOk } from '@parley/protocol';
import { Presence } from '../presence/presence.ts';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class SetAway extends Command<'set_away'> {
  readonly action = 'set_away';
  readonly #presence: Presence;

  constructor(presence: Presence) {
    super();
    this.#presence = presence;
  }

  async handle({ away }: ActionData<'set_away'>, { connection }: CommandContext): Promise<ActionOk<'set_away'>> {
    this.#presence.setAway(connection, away);
    return {};
  }
}
