import { Body, Controller, Delete, HttpCode, HttpStatus, Inject, Post, Req, Res } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import { parseInput } from '@parley/contracts/validation';
import { LIMITS, type UserBody } from '@parley/protocol';
import { IsWellFormed } from '@parley/protocol/validation';
import { MaxLength } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestLimits } from './request-limits.ts';
import { readSessionToken, readSessionTokens, SessionCookie } from './session-cookie.ts';

class CreateSessionInput {
  @MaxLength(LIMITS.emailLength)
  @IsWellFormed()
  readonly email!: string;

  @MaxLength(LIMITS.passwordMaxLength)
  @IsWellFormed()
  readonly password!: string;
}

@Controller('api/sessions')
export class SessionsController {
  readonly #rooms: RoomApi;
  readonly #limits: RequestLimits;
  readonly #cookie: SessionCookie;

  constructor(@Inject(ROOM_API) rooms: RoomApi, limits: RequestLimits, cookie: SessionCookie) {
    this.#rooms = rooms;
    this.#limits = limits;
    this.#cookie = cookie;
  }

  @Post()
  async create(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserBody> {
    const credentials = parseInput(CreateSessionInput, body);
    const replaces = readSessionToken(request.headers.cookie);
    const signedIn = await this.#limits.countFailedLogin(request.ip, credentials.email, () =>
      this.#rooms.createSession({ ...credentials, ...(replaces === undefined ? {} : { replaces }) }),
    );
    this.#cookie.set(request, reply, signedIn.token, signedIn);
    return { user: signedIn.user };
  }

  @Delete('current')
  @HttpCode(HttpStatus.NO_CONTENT)
  async delete(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    for (const token of readSessionTokens(request.headers.cookie)) await this.#rooms.deleteSession({ token });
    this.#cookie.clear(request, reply);
  }
}
