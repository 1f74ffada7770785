import type { IncomingMessage } from 'node:http';
import { Inject, type BeforeApplicationShutdown } from '@nestjs/common';
import { WebSocketGateway, type OnGatewayConnection, type OnGatewayDisconnect } from '@nestjs/websockets';
import type { Session } from '@parley/contracts';
import { CLOCK, TickQueue, uuidv7, type Clock } from '@parley/platform';
import { WEBSOCKET_PATH, type ConnectionId } from '@parley/protocol';
import type { WebSocket } from 'ws';
import { Dispatcher } from '../commands/dispatcher.ts';
import { COMMAND_RATE, fullBucket, type BucketRate } from '../commands/token-bucket.ts';
import { Presence } from '../presence/presence.ts';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway-config.ts';
import { METRICS, type GatewayMetrics } from '../metrics.ts';
import { ReadPositions } from '../reading/read-positions.ts';
import { Connection } from './connection.ts';
import { Handshake } from './handshake.ts';
import { Heartbeat } from './heartbeat.ts';
import { LocalUsers } from './local-users.ts';
import { Output } from './output.ts';
import { sessionOf } from './parley-ws.adapter.ts';
import { RoomSync } from './room-sync.ts';
import { RoomSubscriptions } from './room-subscriptions.ts';

/** Creates a Connection for every accepted WebSocket, and removes it when the socket closes. */
@WebSocketGateway({ path: WEBSOCKET_PATH })
export class ChatGateway
  implements OnGatewayConnection<WebSocket>, OnGatewayDisconnect<WebSocket>, BeforeApplicationShutdown
{
  readonly #handshake: Handshake;
  readonly #dispatcher: Dispatcher;
  readonly #heartbeat: Heartbeat;
  readonly #users: LocalUsers;
  readonly #subscriptions: RoomSubscriptions;
  readonly #sync: RoomSync;
  readonly #positions: ReadPositions;
  readonly #presence: Presence;
  readonly #rate: BucketRate;
  readonly #clock: Clock;
  readonly #config: GatewayConfig;
  readonly #metrics: Pick<GatewayMetrics, 'opened' | 'closed'>;
  readonly #connections = new Map<WebSocket, Connection>();
  readonly #outputs = new TickQueue<Output>((outputs) => {
    for (const output of outputs) output.flush();
  });

  constructor(
    handshake: Handshake,
    dispatcher: Dispatcher,
    heartbeat: Heartbeat,
    users: LocalUsers,
    subscriptions: RoomSubscriptions,
    sync: RoomSync,
    positions: ReadPositions,
    presence: Presence,
    @Inject(COMMAND_RATE) rate: BucketRate,
    @Inject(CLOCK) clock: Clock,
    @Inject(GATEWAY_CONFIG) config: GatewayConfig,
    @Inject(METRICS) metrics: Pick<GatewayMetrics, 'opened' | 'closed'>,
  ) {
    this.#handshake = handshake;
    this.#dispatcher = dispatcher;
    this.#heartbeat = heartbeat;
    this.#users = users;
    this.#subscriptions = subscriptions;
    this.#sync = sync;
    this.#positions = positions;
    this.#presence = presence;
    this.#rate = rate;
    this.#clock = clock;
    this.#config = config;
    this.#metrics = metrics;
  }

  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    const session = sessionOf(request);
    if (session === undefined) throw new Error('A WebSocket was accepted without a handshake.');
    const connection = this.#createConnection(socket, request, session);
    this.#connections.set(socket, connection);
    this.#metrics.opened.inc();
    this.#users.add(connection);
    this.#presence.add(connection);
    this.#heartbeat.add(connection);
    socket.on('pong', () => {
      connection.markAlive();
    });
    socket.on('message', (data, isBinary) => {
      if (isBinary || !Buffer.isBuffer(data)) connection.close('unparsable');
      else this.#dispatcher.receive(connection, data.toString());
    });
  }

  handleDisconnect(socket: WebSocket): void {
    const connection = this.#connections.get(socket);
    // First, so that a failure below cannot leave a closed connection counted.
    this.#connections.delete(socket);
    connection?.onSocketClosed();
  }

  get count(): number {
    return this.#connections.size;
  }

  /**
   * Closes the connections, each at a random time within drainSeconds, so that clients do not all reconnect at once.
   * Resolves when all sockets are closed; pending commands have been answered before.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.#handshake.drain();
    await Promise.all(
      [...this.#connections].map(async ([socket, connection]) => {
        const closed = new Promise<void>((resolve) => socket.once('close', resolve));
        await this.#randomDelay();
        await connection.closeGracefully('restart');
        await closed;
      }),
    );
    await this.#presence.close();
  }

  async #randomDelay(): Promise<void> {
    const milliseconds = Math.random() * this.#config.drainSeconds * 1_000;
    if (milliseconds > 0) await this.#clock.sleep(milliseconds);
  }

  #createConnection(socket: WebSocket, request: IncomingMessage, session: Session): Connection {
    return new Connection({
      connectionId: uuidv7() as ConnectionId,
      session,
      socket,
      output: new Output(request.socket, this.#outputs, this.#heartbeat),
      bucket: fullBucket(this.#rate, this.#clock.monotonic()),
      onClosing: (connection, reason) => {
        this.#metrics.closed.inc({ reason });
        this.#subscriptions.clear(connection);
        this.#users.remove(connection);
        this.#presence.remove(connection);
        this.#positions.flushSoon();
      },
      onRemovedFromRoom: (connection, roomId, subscription) => {
        this.#subscriptions.remove(roomId, subscription);
        this.#sync.syncInBackground(connection.userId);
      },
    });
  }
}
