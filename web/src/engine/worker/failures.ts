import { ERROR_CODES, type ErrorCode, type WireError } from '@parley/protocol';

/** The server, or the engine itself, refused a request. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly error: WireError;

  constructor(error: WireError) {
    super(error.message);
    this.error = error;
  }
}

/** There is no connection, or it closed before the answer: the command may have been executed or not. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

export function refusal(code: ErrorCode, message: string): Refused {
  return new Refused({ code, message, ...ERROR_CODES[code] });
}

/** The error with which a tab's intent is refused. */
export function toWireError(failure: unknown): WireError {
  if (failure instanceof Refused) return failure.error;
  if (failure instanceof ConnectionLost) return refusal('unavailable', 'There is no connection. Try again.').error;
  return refusal('internal', failure instanceof Error ? failure.message : String(failure)).error;
}
