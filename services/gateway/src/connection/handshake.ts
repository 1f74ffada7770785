import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { ParleyError, ROOM_API, type RoomApi, type Session } from '@parley/contracts';
import { LOGGER, type Logger } from '@parley/platform';
import { HTTP_STATUS } from '@parley/protocol';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway-config.ts';
import { checkOrigin, originHeaders } from '../http/origin-check.ts';
import { requireSessionToken } from '../http/session-cookie.ts';
import { LocalUsers } from './local-users.ts';

export type HandshakeOutcome =
  | { readonly session: Session }
  /** The upgrade is rejected with this HTTP status. */
  | { readonly status: number; readonly reason: string };

/** Authorizes WebSocket upgrades: Origin, session and number of connections. */
@Injectable()
export class Handshake {
  readonly #rooms: Pick<RoomApi, 'getSession'>;
  readonly #users: LocalUsers;
  readonly #config: GatewayConfig;
  readonly #logger: Logger;
  #accepting = true;

  constructor(
    @Inject(ROOM_API) rooms: Pick<RoomApi, 'getSession'>,
    users: LocalUsers,
    @Inject(GATEWAY_CONFIG) config: GatewayConfig,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#rooms = rooms;
    this.#users = users;
    this.#config = config;
    this.#logger = logger;
  }

  get accepting(): boolean {
    return this.#accepting;
  }

  /** Rejects all further upgrades, so that clients connect to another gateway. */
  drain(): void {
    this.#accepting = false;
  }

  /** Status 403: Origin not allowed; 401: no valid session; 429: too many connections; 503: a service is unavailable. */
  async check(request: IncomingMessage): Promise<HandshakeOutcome> {
    const origin = checkOrigin(originHeaders(request.headers), this.#config);
    if (!origin.allowed) {
      this.#logger.warn({ origin: request.headers.origin }, origin.reason);
      return { status: 403, reason: origin.reason };
    }
    try {
      const token = requireSessionToken(request.headers.cookie);
      const session = await this.#rooms.getSession({ token });
      if (!this.#accepting) throw new ParleyError('unavailable', 'This server is shutting down. Try again.');
      this.#checkLimit(session);
      return { session };
    } catch (error) {
      if (error instanceof ParleyError) return { status: HTTP_STATUS[error.code], reason: error.message };
      this.#logger.error({ err: error }, 'WebSocket handshake failed.');
      return { status: 500, reason: 'Something went wrong in Parley. Try again.' };
    }
  }

  #checkLimit({ user: { userId } }: Session): void {
    const connected = this.#users.get(userId)?.connections.size ?? 0;
    const { limitConnectionsPerUser: limit } = this.#config;
    if (limit > 0 && connected >= limit) {
      throw new ParleyError('rate_limited', 'You have too many connections. Close one first.');
    }
  }
}
