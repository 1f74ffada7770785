import { ERROR_CODES, type ErrorCode, type WireError } from '@parley/protocol';

/** An error that reaches the client, with one of the wire's codes. */
export class ParleyError extends Error {
  readonly code: ErrorCode;
  /** When a retry makes sense, in milliseconds from now. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'ParleyError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }

  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable;
  }

  toWire(): WireError {
    const { code, message, retryable, retryAfterMs } = this;
    return { code, message, retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }

  static fromWire(error: WireError): ParleyError {
    return new ParleyError(error.code, error.message, { retryAfterMs: error.retryAfterMs });
  }
}
