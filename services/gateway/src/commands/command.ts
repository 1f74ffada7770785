import type { Action, ActionOk } from '@parley/protocol';
import type { Connection } from '../connection/connection.ts';
import { parseInput } from '../input.ts';

/** Where a command came from. */
export interface CommandContext {
  readonly connection: Connection;
  /** Runs the task right after the answer has been queued, before anything else can be. */
  readonly afterAnswer: (task: () => void) => void;
}

/** One action of the wire: what it takes, and what it does. */
export abstract class Command<A extends Action, Input extends object> {
  abstract readonly action: A;
  /** Declares the fields of `data` and their rules. */
  abstract readonly Input: new () => Input;
  /** It answers with up to 256 KiB: one such answer at a time per connection. */
  readonly paged: boolean = false;

  /** Rejects with a ParleyError for whatever the client is to be told. */
  abstract handle(input: Input, context: CommandContext): Promise<ActionOk<A>>;

  /** Checks `data` and handles it; up to the first await of `handle`, at once. */
  run(data: unknown, context: CommandContext): Promise<object> {
    return this.handle(parseInput(this.Input, data), context);
  }
}

/** Any command, as the dispatcher sees it. */
export type AnyCommand = Pick<Command<Action, object>, 'action' | 'paged' | 'run'>;

/** Injection token of all AnyCommands. */
export const COMMANDS = Symbol('Commands');

/** An action without data. */
export class NoInput {}
