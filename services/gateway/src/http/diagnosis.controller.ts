import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { FastifyRequest } from 'fastify';
import { requireSessionToken } from './session-cookie.ts';

/** One's own request as it arrived. */
interface DiagnosisBody {
  /** Whose it counts as, for limits. */
  readonly address: string;
  /** From where it came here: the last proxy, if there is one. */
  readonly peer: string;
  /** The header X-Forwarded-For. */
  readonly forwardedFor: string | null;
  readonly protocol: string;
}

/** What a request looks like from here, for whoever sets up a proxy; `npm run doctor` judges it. */
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
