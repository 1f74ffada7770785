import { Inject, Injectable } from '@nestjs/common';
import { ParleyError } from '@parley/contracts';
import { CLOCK, LOGGER, traced, type Clock, type Logger } from '@parley/platform';
import { ID_PATTERN, LIMITS, type CommandId } from '@parley/protocol';
import type { Connection } from '../connection/connection.ts';
import { METRICS, type GatewayMetrics } from '../metrics.ts';
import { parseFrame, type RawCommand } from './command-frame.ts';
import { COMMANDS, type AnyCommand } from './command.ts';
import { COMMAND_RATE, takeToken, type BucketRate } from './token-bucket.ts';

/** A connection may have so many commands unanswered. */
const MAX_PENDING = 256;
const OVERLOADED_RETRY_MS = 1_000;

/** Brings frames to the commands that they name, and their answers back. */
@Injectable()
export class Dispatcher {
  readonly #rate: BucketRate;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #metrics: Pick<GatewayMetrics, 'commands' | 'commandSeconds'>;
  readonly #commands: ReadonlyMap<string, AnyCommand>;

  constructor(
    @Inject(COMMANDS) commands: readonly AnyCommand[],
    @Inject(COMMAND_RATE) rate: BucketRate,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
    @Inject(METRICS) metrics: Pick<GatewayMetrics, 'commands' | 'commandSeconds'>,
  ) {
    this.#rate = rate;
    this.#clock = clock;
    this.#logger = logger;
    this.#metrics = metrics;
    this.#commands = new Map(commands.map((command) => [command.action, command]));
  }

  /** Handles one frame of a client; every command in it gets its answer, in any order. */
  receive(connection: Connection, text: string): void {
    if (connection.closed) return;
    connection.markAlive();
    const commands = parseFrame(text);
    if (commands === 'unparsable') {
      connection.close('unparsable');
    } else if (commands === 'too_many') {
      const message = `A frame may hold ${LIMITS.commandsPerFrame} commands. Send them in several.`;
      connection.sendError(null, new ParleyError('too_large', message).toWire());
    } else {
      for (const command of commands) this.#receiveOne(connection, command);
    }
  }

  #receiveOne(connection: Connection, { id, action, data }: RawCommand): void {
    try {
      this.#checkRate(connection);
      if (id === null) throw new ParleyError('invalid', 'A command needs an `id`: a short string or an integer.');
      const command = this.#find(connection, action);
      const done = connection.beginCommand();
      const run = (): Promise<void> => this.#run(connection, id, command, data).finally(done);
      if (command.paged) connection.lastPage = connection.lastPage.then(run).then(() => connection.output.drained());
      else void run();
    } catch (error) {
      const known = this.#commands.get(action ?? '')?.action ?? 'unknown';
      this.#sendError({ connection, id, action: known, data, begun: performance.now() }, error);
    }
  }

  /** Throws `rate_limited`. */
  #checkRate(connection: Connection): void {
    const { bucket, retryAfterMs } = takeToken(connection.bucket, this.#rate, this.#clock.monotonic());
    connection.bucket = bucket;
    const wait = connection.pendingCommands < MAX_PENDING ? retryAfterMs : OVERLOADED_RETRY_MS;
    if (wait > 0) {
      throw new ParleyError('rate_limited', 'Too many commands at once. Wait a moment.', { retryAfterMs: wait });
    }
  }

  /** Throws `unknown_action`, and `invalid` where the action does not fit the connection's state. */
  #find(connection: Connection, action: string | undefined): AnyCommand {
    if (action === undefined) throw new ParleyError('invalid', 'A command needs an `action`.');
    const command = this.#commands.get(action);
    if (command === undefined) throw new ParleyError('unknown_action', 'There is no such action.');
    const state = connection.state.name;
    if (action === 'create_connection') {
      if (state !== 'opened') throw new ParleyError('invalid', 'This connection has been created already.');
    } else if (state !== 'joined') {
      throw new ParleyError('invalid', 'create_connection comes first, and its answer before the next command.');
    }
    return command;
  }

  async #run(connection: Connection, id: CommandId, command: AnyCommand, data: unknown): Promise<void> {
    if (connection.closed) return;
    const after: (() => void)[] = [];
    const pending = { connection, id, action: command.action, data, begun: performance.now() };
    const span = { name: `command ${command.action}`, kind: 'server', attributes: attributesOf(pending) } as const;
    await traced(span, async (noteCode) => {
      try {
        const ok = await command.run(data, { connection, afterAnswer: (task) => after.push(task) });
        connection.sendOk(id, ok);
        for (const task of after) task();
        this.#record(pending, 'ok');
        noteCode('ok');
      } catch (error) {
        noteCode(this.#sendError(pending, error));
      }
    });
  }

  /** Returns the code that was answered. */
  #sendError(pending: PendingCommand, error: unknown): string {
    const refusal = this.#toParleyError(pending, error);
    pending.connection.sendError(pending.id, refusal.toWire());
    this.#record(pending, refusal.code);
    return refusal.code;
  }

  #record(pending: PendingCommand, code: string): void {
    const { action, begun } = pending;
    const seconds = (performance.now() - begun) / 1_000;
    this.#metrics.commands.inc({ action, code });
    this.#metrics.commandSeconds.observe({ action, code }, seconds);
    if (this.#logger.isLevelEnabled('debug'))
      this.#logger.debug({ ...idsOf(pending), code, seconds }, 'A command was answered.');
  }

  #toParleyError(pending: PendingCommand, error: unknown): ParleyError {
    if (error instanceof ParleyError) return error;
    this.#logger.error({ err: error, ...idsOf(pending) }, 'A command failed.');
    return new ParleyError('internal', 'Something went wrong in Parley. Try again.', { cause: error });
  }
}

/** A command that is being answered. */
interface PendingCommand {
  readonly connection: Connection;
  readonly id: CommandId | null;
  readonly action: string;
  readonly data: unknown;
  readonly begun: number;
}

/** The ids in a command, for logs. Logs have no content of messages. */
function idsOf({ connection, id, action, data }: PendingCommand): object {
  const { roomId, messageId } = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
  return {
    connectionId: connection.connectionId,
    userId: connection.userId,
    commandId: id,
    action,
    ...(isId(roomId) && { roomId }),
    ...(isId(messageId) && { messageId }),
  };
}

/** The same for a span, by the names that its ids have there. */
const attributesOf = (pending: PendingCommand): Record<string, string> =>
  Object.fromEntries(Object.entries(idsOf(pending)).map(([name, id]) => [`parley.${name}`, String(id)]));

const isId = (value: unknown): boolean => typeof value === 'string' && ID_PATTERN.test(value);
