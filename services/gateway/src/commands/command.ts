import { parseInput } from '@parley/contracts/validation';
import type { Action, ActionData, ActionOk } from '@parley/protocol';
import { ACTIONS } from '@parley/protocol/validation';
import type { Connection } from '../connection/connection.ts';

/** Where a command came from. */
export interface CommandContext {
  readonly connection: Connection;
  /** Runs the task right after the answer has been queued, before anything else can be. */
  readonly afterAnswer: (task: () => void) => void;
}

/** The handler of one action of the wire. Its data and answer are declared in libs/protocol/src/actions. */
export abstract class Command<A extends Action> {
  abstract readonly action: A;
  /** It answers with up to 256 KiB: one such answer at a time per connection. */
  readonly paged: boolean = false;

  /** Rejects with the ParleyError that the client receives. */
  abstract handle(data: ActionData<A>, context: CommandContext): Promise<ActionOk<A>>;

  /** Checks `data` and calls `handle` in the same tick. */
  run(data: unknown, context: CommandContext): Promise<object> {
    const Data: new () => ActionData<A> = ACTIONS[this.action].Data;
    return this.handle(parseInput(Data, data), context);
  }
}

/** Any command, as the dispatcher sees it. */
export type AnyCommand = Pick<Command<Action>, 'action' | 'paged' | 'run'>;

/** Injection token of all AnyCommands. */
export const COMMANDS = Symbol('Commands');
