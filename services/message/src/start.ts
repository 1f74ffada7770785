import { NestFactory } from '@nestjs/core';
import { getConnectionToken, MongooseModule } from '@nestjs/mongoose';
import { BUS, RedisBus } from '@parley/bus';
import {
  ATTACHMENT_API_METHODS,
  MESSAGE_API,
  MESSAGE_API_METHODS,
  type AttachmentApi,
  type MessageApi,
} from '@parley/contracts';
import {
  assertMongoSchema,
  isMongoReachable,
  LOGGER,
  mongoConnectionOptions,
  NestPinoLogger,
  rootModule,
  startRpcServer,
  type Service,
} from '@parley/platform';
import type { Connection } from 'mongoose';
import { MessageModule } from './message.module.ts';
import { messageMigrations } from './migrations.ts';

const METHODS = [...MESSAGE_API_METHODS, ...ATTACHMENT_API_METHODS];

/** The message service of a cluster. Its start fails when MongoDB cannot be reached or has another schema. */
export const messageService: Service<'message'> = {
  name: 'message',
  title: 'The message service',
  async start({ config, logger, registry, resources }) {
    const { host, port, internalToken: token, mongoUrl, redisUrl: url } = config;
    const onError = (error: unknown): void => logger.warn({ err: error }, 'The connection to Redis failed.');
    const bus = resources.adopt(new RedisBus({ url, onError }), (it) => it.close());
    const module = rootModule(
      [
        MongooseModule.forRoot(mongoUrl, { ...mongoConnectionOptions(), retryAttempts: 0 }),
        MessageModule.forMongo({ attachmentBytesPerUser: config.limitAttachmentBytesPerUser, registry }),
      ],
      [
        [BUS, bus],
        [LOGGER, logger],
      ],
    );
    const nest = { logger: new NestPinoLogger(logger), abortOnError: false };
    const app = resources.adopt(await NestFactory.createApplicationContext(module, nest), (it) => it.close());
    const mongo = app.get<Connection>(getConnectionToken(), { strict: false });
    await assertMongoSchema(mongo, 'message', messageMigrations.mongo);
    const api = app.get<MessageApi & AttachmentApi>(MESSAGE_API, { strict: false });
    const rpc = await startRpcServer({ api, methods: METHODS, token, host, port, logger });
    resources.defer(() => rpc.close());
    // Messages are stored without Redis, too, so it is no condition.
    return { port: rpc.port, readiness: { mongo: () => isMongoReachable(mongo) } };
  },
};
