import { NestFactory } from '@nestjs/core';
import { getConnectionToken } from '@nestjs/mongoose';
import { RedisBus } from '@parley/bus';
import {
  ATTACHMENT_API_METHODS,
  MESSAGE_API,
  MESSAGE_API_METHODS,
  type AttachmentApi,
  type MessageApi,
} from '@parley/contracts';
import {
  answerDuringOutages,
  assertMongoSchema,
  createRegistry,
  NestPinoLogger,
  startManagement,
  startRpcServer,
  type Config,
  type Logger,
} from '@parley/platform';
import type { Connection } from 'mongoose';
import { messageMigrations } from './migrations.ts';
import { ProcessModule } from './process.module.ts';

export interface MessageProcess {
  readonly port: number;
  readonly managementPort: number;
  /** Not ready any more; then answers what was asked, stores what was taken, and lets go of everything. */
  close(): Promise<void>;
}

/** Rejects when MongoDB cannot be reached or has another schema, and when a port is taken. */
export async function startMessageService(config: Config<'message'>, logger: Logger): Promise<MessageProcess> {
  // What is opened is closed in the opposite order, also when the rest cannot be opened.
  await using opened = new AsyncDisposableStack();
  const onError = (error: unknown) => logger.debug({ err: error }, 'A connection to Redis failed.');
  const bus = opened.adopt(new RedisBus({ url: config.redisUrl, onError }), (it) => it.close());
  const registry = createRegistry('parley-message');
  const app = opened.adopt(
    await NestFactory.createApplicationContext(ProcessModule.forRoot({ config, bus, logger, registry }), {
      logger: new NestPinoLogger(logger),
      abortOnError: false,
    }),
    (it) => it.close(),
  );
  const connection = app.get<Connection>(getConnectionToken());
  await assertMongoSchema(connection, 'message', messageMigrations.mongo);

  let open = true;
  const management = opened.adopt(
    await startManagement({
      host: config.managementHost,
      port: config.managementPort,
      // Without Redis messages are stored all the same: it is no reason to send them elsewhere.
      readiness: async () => ({ open, mongo: await hasPrimary(connection) }),
      registry,
    }),
    (it) => it.close(),
  );
  const { host, port, internalToken: token } = config;
  const methods = [...MESSAGE_API_METHODS, ...ATTACHMENT_API_METHODS];
  const api = answerDuringOutages(app.get<MessageApi & AttachmentApi>(MESSAGE_API), methods, logger);
  const rpc = opened.adopt(await startRpcServer({ api, methods, token, host, port, logger }), (it) => it.close());
  const running = opened.move();
  return {
    port: rpc.port,
    managementPort: management.port,
    async close() {
      open = false;
      await running.disposeAsync();
    },
  };
}

async function hasPrimary(connection: Connection): Promise<boolean> {
  try {
    await connection.db?.command({ ping: 1 });
    return connection.db !== undefined;
  } catch {
    return false;
  }
}
