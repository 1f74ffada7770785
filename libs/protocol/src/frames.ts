import type { Action, ActionData, ActionOk } from './actions.ts';
import type { WireError } from './errors.ts';
import type { ConnectionEvent, RoomEvent } from './events.ts';

/** A string of at most 64 UTF-16 units or a safe integer; repeated in the answer. */
export type CommandId = string | number;

/** Client → server: one command, or an array of at most 64. */
export interface Command<A extends Action = Action> {
  readonly id: CommandId;
  readonly action: A;
  readonly data?: ActionData<A>;
}

/** The answer to a command. Answers come in any order. `id` is null if the command had no valid id. */
export type Answer<A extends Action = Action> =
  { readonly id: CommandId; readonly ok: ActionOk<A> } | { readonly id: CommandId | null; readonly error: WireError };

/** Server → client: always an array of these, `[]` as a heartbeat. */
export type ServerItem = Answer | ConnectionEvent | RoomEvent;
export type ServerFrame = readonly ServerItem[];
