import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getConnectionToken, MongooseModule } from '@nestjs/mongoose';
import { BUS, RedisBus } from '@parley/bus';
import { MESSAGE_API, ROOM_API, ROOM_API_METHODS, type MessageApi, type RoomApi } from '@parley/contracts';
import {
  assertMongoSchema,
  createLogger,
  createRegistry,
  createRpcClient,
  LOGGER,
  mongoConnectionOptions,
  NestPinoLogger,
  readConfig,
  rendezvous,
  runUntilSignal,
  startManagement,
  startRpcServer,
  startTracing,
  watchEndpoints,
} from '@parley/platform';
import type { Connection } from 'mongoose';
import { mongoMigrations } from './room.migrations.mongo.ts';
import { RoomModule } from './room.module.ts';

/** Shorter than a gateway waits for what this is a part of. */
const MESSAGE_TIMEOUT_MS = 4_000;

class RoomProcess {}

type MessageMethod = 'appendMemberships' | 'getPlaces' | 'clearMentions';
type MessageRequest = Parameters<MessageApi[MessageMethod]>[0];

const affinityOf = (request: MessageRequest): string =>
  'roomId' in request ? request.roomId : (request.positions[0]?.roomId ?? '');

async function start(): Promise<void> {
  const config = readConfig('room');
  const tracing = await startTracing('parley-room');
  const logger = createLogger('parley-room', config.logLevel);
  const bus = new RedisBus({ url: config.redisUrl, onError: (error) => logger.warn({ err: error }, 'Redis') });
  const endpoints = await watchEndpoints(config.messageUrls);
  const messages = createRpcClient<Pick<MessageApi, MessageMethod>>(
    ['appendMemberships', 'getPlaces', 'clearMentions'],
    {
      endpoints: endpoints.current,
      token: config.internalToken,
      timeoutMs: MESSAGE_TIMEOUT_MS,
      // Where the gateways send this room's messages too: one lane for all of its entries.
      pick: (request, urls) => rendezvous(affinityOf(request), urls),
    },
  );
  const root: DynamicModule = {
    module: RoomProcess,
    global: true,
    imports: [MongooseModule.forRoot(config.mongoUrl, mongoConnectionOptions()), RoomModule.forMongo()],
    providers: [
      { provide: BUS, useValue: bus },
      { provide: MESSAGE_API, useValue: messages },
      { provide: LOGGER, useValue: logger },
    ],
    exports: [BUS, MESSAGE_API, LOGGER],
  };
  const app = await NestFactory.createApplicationContext(root, {
    logger: new NestPinoLogger(logger),
    abortOnError: false,
  });
  const connection = app.get<Connection>(getConnectionToken(), { strict: false });
  await assertMongoSchema(connection, 'room', mongoMigrations);

  const rpc = await startRpcServer<RoomApi>({
    api: app.get<RoomApi>(ROOM_API, { strict: false }),
    methods: ROOM_API_METHODS,
    token: config.internalToken,
    host: config.host,
    port: config.port,
    logger,
  });
  let closing = false;
  const management = await startManagement({
    host: config.managementHost,
    port: config.managementPort,
    readiness: async () => ({ accepting: !closing, mongo: await isReachable(connection) }),
    registry: createRegistry('parley-room'),
  });
  logger.info({ port: rpc.port, managementPort: management.port }, 'The room service is ready.');

  runUntilSignal(async () => {
    closing = true;
    await rpc.close();
    await app.close();
    endpoints.close();
    await Promise.all([messages.close(), bus.close(), management.close()]);
    await tracing.close();
  });
}

async function isReachable(connection: Connection): Promise<boolean> {
  try {
    await connection.db?.command({ ping: 1 });
    return true;
  } catch {
    return false;
  }
}

process.title = 'parley-room';
try {
  await start();
} catch (error) {
  process.stderr.write(`The room service cannot start. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
