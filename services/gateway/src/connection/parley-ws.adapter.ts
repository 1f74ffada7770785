import type { IncomingMessage } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import type { Session } from '@parley/contracts';
import type { Logger } from '@parley/platform';
import { LIMITS } from '@parley/protocol';
import type { VerifyClientCallbackAsync, WebSocketServer } from 'ws';
import type { Handshake } from './handshake.ts';

const sessions = new WeakMap<IncomingMessage, Session>();

/** Whose upgrade this was. */
export function sessionOf(request: IncomingMessage): Session | undefined {
  return sessions.get(request);
}

/** How long the other side may take to answer a close frame. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Nest's WebSockets with Parley's handshake; frames go to the dispatcher, not to @SubscribeMessage handlers. */
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
      // Compressing costs 3.5 times the processor time of a delivery.
      perMessageDeflate: false,
      clientTracking: true,
    });
  }

  /** What a client does wrong (a frame too large, a connection lost) is the client's affair: no more than a remark. */
  override bindErrorHandler(server: WebSocketServer): WebSocketServer {
    server.on('connection', (socket) => {
      socket.on('error', (error) => {
        this.#logger.debug({ err: error }, 'A WebSocket failed.');
      });
    });
    return server.on('error', (error) => {
      this.#logger.error({ err: error }, 'The WebSocket server failed.');
    });
  }

  /** ChatGateway listens to its sockets itself. */
  override bindMessageHandlers(): void {}
}
