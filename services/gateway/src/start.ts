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
import { createRpcClient, LOGGER, rendezvous, rootModule, watchEndpoints, type Service } from '@parley/platform';
import { GatewayModule } from './gateway.module.ts';
import { startPublicServer } from './public-server.ts';
import { shareMessageReads, shareRoomReads } from './rpc/shared-reads.ts';

/** Users get an error within 5 s. */
const CALL_TIMEOUT_MS = 4_500;
/** Passwords queue for hashing, and one hash takes a good part of a second of a processor. */
const PASSWORD_TIMEOUT_MS = 15_000;
/** Images queue for processing. */
const UPLOAD_TIMEOUT_MS = 60_000;

/** A gateway of a cluster: clients of the room and message services behind the public server. */
export const gatewayService: Service<'gateway'> = {
  name: 'gateway',
  title: 'The gateway',
  async start({ config, logger, registry, resources }) {
    const { host, port, internalToken: token, redisUrl: url } = config;
    const onError = (error: unknown): void => logger.warn({ err: error }, 'The connection to Redis failed.');
    const bus = resources.adopt(new RedisBus({ url, onError }), (it) => it.close());
    const redis = resources.adopt(createRedisClient(url).on('error', onError), (it) => it.disconnect());
    const roomEndpoints = resources.adopt(await watchEndpoints(config.roomUrls), (it) => it.close());
    const messageEndpoints = resources.adopt(await watchEndpoints(config.messageUrls), (it) => it.close());
    const rooms = createRpcClient<RoomApi>(ROOM_API_METHODS, {
      endpoints: roomEndpoints.current,
      token,
      timeoutMs: CALL_TIMEOUT_MS,
      timeoutsMs: { createAccount: PASSWORD_TIMEOUT_MS, createSession: PASSWORD_TIMEOUT_MS },
    });
    resources.defer(() => rooms.close());
    const messages = createRpcClient<MessageApi>(MESSAGE_API_METHODS, {
      endpoints: messageEndpoints.current,
      token,
      timeoutMs: CALL_TIMEOUT_MS,
      pick: (request, endpoints) => rendezvous(affinityOf(request), endpoints),
    });
    resources.defer(() => messages.close());
    const attachments = createRpcClient<AttachmentApi>(ATTACHMENT_API_METHODS, {
      endpoints: messageEndpoints.current,
      token,
      timeoutMs: UPLOAD_TIMEOUT_MS,
    });
    resources.defer(() => attachments.close());
    const messageTarget = (roomId: string): string => rendezvous(roomId, messageEndpoints.current());
    const module = rootModule(
      [GatewayModule.forRoot({ config, registry, redis, messageTarget })],
      [
        [ROOM_API, shareRoomReads(rooms)],
        [MESSAGE_API, shareMessageReads(messages)],
        [ATTACHMENT_API, attachments],
        [BUS, bus],
        [LOGGER, logger],
      ],
    );
    const server = await startPublicServer({ module, config, host, port, registry, logger });
    resources.defer(server.close);
    // Neither Redis nor the services are conditions: connections outlive their outages, and no other gateway has more.
    return { port: server.port };
  },
};

type MessageRequest = Parameters<MessageApi[keyof MessageApi]>[0];

/** Calls about one room go to the replica that its messages go to; calls about many rooms are spread. */
function affinityOf(request: MessageRequest): string {
  if ('query' in request) return request.userId;
  if ('roomId' in request) return request.roomId;
  if ('batches' in request) return request.batches[0]?.roomId ?? '';
  return ('roomIds' in request ? request.roomIds[0] : request.positions[0]?.roomId) ?? '';
}
