import { LIMITS, type CommandId } from '@parley/protocol';

/** One received command. Only its shape has been checked. */
export interface RawCommand {
  /** null: it has none that could be echoed. */
  readonly id: CommandId | null;
  /** undefined: not a string. */
  readonly action: string | undefined;
  readonly data: unknown;
}

/** 'unparsable': not JSON. 'too_many': more commands than a frame may hold. */
export function parseFrame(text: string): readonly RawCommand[] | 'unparsable' | 'too_many' {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return 'unparsable';
  }
  const commands: unknown[] = Array.isArray(frame) ? frame : [frame];
  return commands.length > LIMITS.commandsPerFrame ? 'too_many' : commands.map(toRawCommand);
}

function toRawCommand(value: unknown): RawCommand {
  if (typeof value !== 'object' || value === null) return { id: null, action: undefined, data: undefined };
  const { id, action, data = {} } = value as Readonly<Partial<Record<keyof RawCommand, unknown>>>;
  return { id: isCommandId(id) ? id : null, action: typeof action === 'string' ? action : undefined, data };
}

function isCommandId(id: unknown): id is CommandId {
  return typeof id === 'string' ? id.length <= LIMITS.commandIdLength : Number.isSafeInteger(id);
}
