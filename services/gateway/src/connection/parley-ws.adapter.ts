import type { IncomingMessage } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { Session } from '@parley/contracts';
import type { Logger } from '@parley/platform';
import { LIMITS } from '@parley/protocol';
import type { VerifyClientCallbackAsync, WebSocketServer } from 'ws';
import type { Handshake } from './handshake.ts';

const sessions = new WeakMap<IncomingMessage, Session>();

/** The session that authorized an upgrade request. */
export function sessionOf(request: IncomingMessage): Session | undefined {
  return sessions.get(request);
}

/** Time for the client to answer a close frame. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Nest's WebSocket adapter with Parley's handshake. ChatGateway handles frames, so there are no @SubscribeMessage handlers. */
export class ParleyWsAdapter extends WsAdapter {
  readonly #handshake: Handshake;
  readonly #logger: Logger;

  constructor(application: INestApplicationContext, handshake: Handshake, logger: Logger) {
    super(application);
    this.#handshake = handshake;
    this.#logger = logger;
  }

  override create(port: number, options: { path?: string } = {}): ReturnType<WsAdapter['create']> {
    const verifyClient: VerifyClientCallbackAsync = ({ req }, respond) => {
      void this.#handshake.check(req).then((outcome) => {
        if ('session' in outcome) {
          sessions.set(req, outcome.session);
          respond(true);
        } else {
          respond(false, outcome.status, outcome.reason);
        }
      });
    };
    return super.create(port, {
      ...options,
      verifyClient,
      maxPayload: LIMITS.frameBytes,
      closeTimeout: CLOSE_TIMEOUT_MS,
      // Compression would multiply the processor time of a delivery by 3.5.
      perMessageDeflate: false,
      clientTracking: true,
    });
  }

  /** Errors of a client (a frame too large, a lost connection) are logged at debug level only. */
  override bindErrorHandler(server: WebSocketServer): WebSocketServer {
    server.on('connection', (socket) => {
      socket.on('error', (error) => {
        this.#logger.debug({ err: error }, 'WebSocket error.');
      });
    });
    return server.on('error', (error) => {
      this.#logger.error({ err: error }, 'WebSocket server error.');
    });
  }

  /** ChatGateway listens to its sockets directly. */
  override bindMessageHandlers(): void {}
}
