import type { DynamicModule } from '@nestjs/common';
import { BUS, createRedisClient, RedisBus } from '@parley/bus';
import {
  ATTACHMENT_API,
  ATTACHMENT_API_METHODS,
  MESSAGE_API,
  MESSAGE_API_METHODS,
  ROOM_API,
  ROOM_API_METHODS,
  type AttachmentApi,
  type MessageApi,
  type RoomApi,
} from '@parley/contracts';
import {
  createRegistry,
  createRpcClient,
  LOGGER,
  rendezvous,
  startManagement,
  watchEndpoints,
  type Config,
  type Logger,
} from '@parley/platform';
import { GatewayModule } from './gateway.module.ts';
import { shareMessageReads, shareRoomReads } from './shared-reads.ts';
import { startDoor } from './start-door.ts';

/** Nobody waits longer than 5 s to be told that it does not work now. */
const CALL_TIMEOUT_MS = 4_500;
/** Passwords wait for those before them: a hash takes a good part of a second of a processor. */
const PASSWORD_TIMEOUT_MS = 15_000;
/** An image waits for those before it, and takes its own time. */
const UPLOAD_TIMEOUT_MS = 60_000;

export interface GatewayProcess {
  readonly port: number;
  readonly managementPort: number;
  /** Not ready any more; then closes the connections over drainSeconds and lets go of everything. */
  close(): Promise<void>;
}

class GatewayProcessModule {}

/** A gateway of a cluster, over the room and message services at their addresses. Rejects when a port is taken. */
export async function startGateway(config: Config<'gateway'>, logger: Logger): Promise<GatewayProcess> {
  const onError = (error: unknown): void => {
    logger.warn({ err: error }, 'Redis');
  };
  const bus = new RedisBus({ url: config.redisUrl, onError });
  const redis = createRedisClient(config.redisUrl).on('error', onError);
  const [roomEndpoints, messageEndpoints] = await Promise.all([
    watchEndpoints(config.roomUrls),
    watchEndpoints(config.messageUrls),
  ]);
  const call = { token: config.internalToken, timeoutMs: CALL_TIMEOUT_MS };
  const rooms = createRpcClient<RoomApi>(ROOM_API_METHODS, {
    ...call,
    timeoutsMs: { createAccount: PASSWORD_TIMEOUT_MS, createSession: PASSWORD_TIMEOUT_MS },
    endpoints: roomEndpoints.current,
  });
  const messages = createRpcClient<MessageApi>(MESSAGE_API_METHODS, {
    ...call,
    endpoints: messageEndpoints.current,
    pick: (request, endpoints) => rendezvous(affinityOf(request), endpoints),
  });
  const attachments = createRpcClient<AttachmentApi>(ATTACHMENT_API_METHODS, {
    ...call,
    timeoutMs: UPLOAD_TIMEOUT_MS,
    endpoints: messageEndpoints.current,
  });
  const registry = createRegistry('parley-gateway');
  const module: DynamicModule = {
    module: GatewayProcessModule,
    global: true,
    imports: [
      GatewayModule.forRoot({
        config,
        registry,
        redis,
        messageTarget: (roomId) => rendezvous(roomId, messageEndpoints.current()),
      }),
    ],
    providers: [
      { provide: ROOM_API, useValue: shareRoomReads(rooms) },
      { provide: MESSAGE_API, useValue: shareMessageReads(messages) },
      { provide: ATTACHMENT_API, useValue: attachments },
      { provide: BUS, useValue: bus },
      { provide: LOGGER, useValue: logger },
    ],
    exports: [ROOM_API, MESSAGE_API, ATTACHMENT_API, BUS, LOGGER],
  };
  const release = async (): Promise<void> => {
    roomEndpoints.close();
    messageEndpoints.close();
    redis.disconnect();
    await Promise.all([rooms.close(), messages.close(), attachments.close(), bus.close()]);
  };
  try {
    const door = await startDoor({ module, config, host: config.host, port: config.port, registry, logger });
    const management = await startManagement({
      host: config.managementHost,
      port: config.managementPort,
      // Neither Redis nor the services: another gateway would be no better off, and connections outlive their outages.
      readiness: async () => ({ accepting: door.isAccepting() }),
      registry,
    });
    return {
      port: door.port,
      managementPort: management.port,
      async close() {
        await door.close();
        await release();
        await management.close();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

type MessageRequest = Parameters<MessageApi[keyof MessageApi]>[0];

/** Calls about one room go where its messages go; those about many are spread. */
function affinityOf(request: MessageRequest): string {
  if ('query' in request) return request.userId;
  if ('roomId' in request) return request.roomId;
  if ('batches' in request) return request.batches[0]?.roomId ?? '';
  return ('roomIds' in request ? request.roomIds[0] : request.positions[0]?.roomId) ?? '';
}
