import { NestFactory } from '@nestjs/core';
import { getConnectionToken, MongooseModule } from '@nestjs/mongoose';
import { BUS, RedisBus } from '@parley/bus';
import { MESSAGE_API, ROOM_API, ROOM_API_METHODS, type MessageApi, type RoomApi } from '@parley/contracts';
import {
  assertMongoSchema,
  createRpcClient,
  isMongoReachable,
  LOGGER,
  mongoConnectionOptions,
  NestPinoLogger,
  rendezvous,
  rootModule,
  startRpcServer,
  watchEndpoints,
  type Service,
} from '@parley/platform';
import type { Connection } from 'mongoose';
import { roomMigrations } from './migrations.ts';
import { RoomModule } from './room.module.ts';

/** Shorter than a gateway's timeout for the call that this one is a part of. */
const MESSAGE_TIMEOUT_MS = 4_000;

const MESSAGE_METHODS = ['appendMemberships', 'getPlaces', 'clearMentions'] as const;
type MessageMethod = (typeof MESSAGE_METHODS)[number];

/** The room service of a cluster. Its start fails when MongoDB stays unreachable for ten attempts or has another schema. */
export const roomService: Service<'room'> = {
  name: 'room',
  title: 'The room service',
  async start({ config, logger, resources }) {
    const { host, port, internalToken: token, messageUrls, mongoUrl, redisUrl: url } = config;
    const onError = (error: unknown): void => logger.warn({ err: error }, 'The connection to Redis failed.');
    const bus = resources.adopt(new RedisBus({ url, onError }), (it) => it.close());
    const endpoints = resources.adopt(await watchEndpoints(messageUrls), (it) => it.close());
    const messages = createRpcClient<Pick<MessageApi, MessageMethod>>(MESSAGE_METHODS, {
      endpoints: endpoints.current,
      token,
      timeoutMs: MESSAGE_TIMEOUT_MS,
      // The replica that the gateways choose for the room too: so one lane writes all of its entries.
      pick: (request, urls) => rendezvous(affinityOf(request), urls),
    });
    resources.defer(() => messages.close());
    const module = rootModule(
      [MongooseModule.forRoot(mongoUrl, mongoConnectionOptions()), RoomModule.forMongo()],
      [
        [BUS, bus],
        [MESSAGE_API, messages],
        [LOGGER, logger],
      ],
    );
    const nest = { logger: new NestPinoLogger(logger), abortOnError: false };
    const app = resources.adopt(await NestFactory.createApplicationContext(module, nest), (it) => it.close());
    const mongo = app.get<Connection>(getConnectionToken(), { strict: false });
    await assertMongoSchema(mongo, 'room', roomMigrations.mongo);
    const api = app.get<RoomApi>(ROOM_API, { strict: false });
    const rpc = await startRpcServer({ api, methods: ROOM_API_METHODS, token, host, port, logger });
    resources.defer(() => rpc.close());
    return { port: rpc.port, readiness: { mongo: () => isMongoReachable(mongo) } };
  },
};

type MessageRequest = Parameters<MessageApi[MessageMethod]>[0];

const affinityOf = (request: MessageRequest): string =>
  'roomId' in request ? request.roomId : (request.positions[0]?.roomId ?? '');
