import { Injectable } from '@nestjs/common';
import type { ActionOk } from '@parley/protocol';
import { Command, NoInput, type CommandContext } from './command.ts';

@Injectable()
export class DeleteConnection extends Command<'delete_connection', NoInput> {
  readonly action = 'delete_connection';
  readonly Input = NoInput;

  async handle(_input: NoInput, { connection, afterAnswer }: CommandContext): Promise<ActionOk<'delete_connection'>> {
    afterAnswer(() => {
      connection.close('normal');
    });
    return {};
  }
}
