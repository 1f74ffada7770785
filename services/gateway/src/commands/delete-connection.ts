import { Injectable } from '@nestjs/common';
import type { ActionData, ActionOk } from '@parley/protocol';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class DeleteConnection extends Command<'delete_connection'> {
  readonly action = 'delete_connection';

  async handle(
    _input: ActionData<'delete_connection'>,
    { connection, afterAnswer }: CommandContext,
  ): Promise<ActionOk<'delete_connection'>> {
    afterAnswer(() => {
      connection.close('normal');
    });
    return {};
  }
}
