import { Injectable } from '@nestjs/common';
import type { ActionData, ActionOk } from '@parley/protocol';
import { ReadPositions } from '../reading/read-positions.ts';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class ReadRoom extends Command<'read_room'> {
  readonly action = 'read_room';
  readonly #positions: ReadPositions;

  constructor(positions: ReadPositions) {
    super();
    this.#positions = positions;
  }

  handle(
    { roomId, seq }: ActionData<'read_room'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'read_room'>> {
    return this.#positions.read({ userId, roomId, seq });
  }
}
