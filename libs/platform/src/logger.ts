import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger };

/** Injection token of the process's Logger. */
export const LOGGER = Symbol('Logger');

/** Writes one JSON object a line to standard output. `name` is the process, `level` one of pino's levels or `silent`. */
export function createLogger(name: string, level: string, destination?: DestinationStream): Logger {
  const options = { name, level, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } };
  return destination ? pino(options, destination) : pino(options);
}

/** Omits the fields of an error: those of a database error may contain the data to be stored. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { type, message, stack } = pino.stdSerializers.err(error);
  return { type, message, stack, ...('code' in error && { code: error.code }) };
}

/** Nest's own log, for `app.useLogger`. Its log lines, such as those of the start, become debug lines. */
export class NestPinoLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...rest: readonly unknown[]): void {
    this.#write('debug', message, rest);
  }

  error(message: unknown, ...rest: readonly unknown[]): void {
    this.#write('error', message, rest);
  }

  warn(message: unknown, ...rest: readonly unknown[]): void {
    this.#write('warn', message, rest);
  }

  debug(message: unknown, ...rest: readonly unknown[]): void {
    this.#write('trace', message, rest);
  }

  verbose(message: unknown, ...rest: readonly unknown[]): void {
    this.#write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: readonly unknown[]): void {
    this.#write('fatal', message, rest);
  }

  /** Nest puts the context (a class's name) last, and a stack before it. */
  #write(level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal', message: unknown, rest: readonly unknown[]): void {
    const context = rest.at(-1);
    const details = rest.slice(0, -1);
    this.#logger[level](
      {
        ...(typeof context === 'string' ? { context } : {}),
        ...(details.length > 0 ? { details } : {}),
        ...(message instanceof Error ? { err: message } : {}),
      },
      message instanceof Error ? message.message : String(message),
    );
  }
}
