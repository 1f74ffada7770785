import type { IncomingMessage } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { LIMITS } from '@parley/protocol';
import type { Session } from '@parley/contracts';
import type { VerifyClientCallbackAsync } from 'ws';
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

  constructor(application: INestApplicationContext, handshake: Handshake) {
    super(application);
    this.#handshake = handshake;
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

  /** ChatGateway listens to its sockets itself. */
  override bindMessageHandlers(): void {}
}
