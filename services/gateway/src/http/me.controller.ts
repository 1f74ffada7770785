import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import type { UserBody } from '@parley/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requireSessionToken, SessionCookie } from './session-cookie.ts';

@Controller('api/me')
export class MeController {
  readonly #rooms: RoomApi;
  readonly #cookie: SessionCookie;

  constructor(@Inject(ROOM_API) rooms: RoomApi, cookie: SessionCookie) {
    this.#rooms = rooms;
    this.#cookie = cookie;
  }

  /** Asking renews the session, and with it the cookie. */
  @Get()
  async read(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<UserBody> {
    const token = requireSessionToken(request.headers.cookie);
    const session = await this.#rooms.getSession({ token });
    this.#cookie.set(request, reply, token, session);
    return { user: session.user };
  }
}
