import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { FastifyRequest } from 'fastify';
import { requireSessionToken } from './session-cookie.ts';

/** The request as it arrived at this gateway. */
interface DiagnosisBody {
  /** The client's address, as used for limits. */
  readonly address: string;
  /** The address of the peer: the last proxy, if there is one. */
  readonly peer: string;
  /** The header X-Forwarded-For. */
  readonly forwardedFor: string | null;
  readonly protocol: string;
}

/** Shows how requests arrive here, for setting up a proxy; `npm run doctor` evaluates it. */
@Controller('api/diagnosis')
export class DiagnosisController {
  readonly #rooms: Pick<RoomApi, 'getSession'>;

  constructor(@Inject(ROOM_API) rooms: Pick<RoomApi, 'getSession'>) {
    this.#rooms = rooms;
  }

  @Get()
  async read(@Req() request: FastifyRequest): Promise<DiagnosisBody> {
    await this.#rooms.getSession({ token: requireSessionToken(request.headers.cookie) });
    const forwardedFor = request.headers['x-forwarded-for'];
    return {
      address: request.ip,
      peer: request.socket.remoteAddress ?? '',
      forwardedFor: forwardedFor === undefined ? null : String(forwardedFor),
      protocol: request.protocol,
    };
  }
}
