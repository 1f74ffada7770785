import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import { parseInput } from '@parley/contracts/validation';
import { LIMITS, type UserBody } from '@parley/protocol';
import { IsWellFormed } from '@parley/protocol/validation';
import { IsString, Matches, MaxLength, MinLength } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestLimits } from './request-limits.ts';
import { readSessionToken, SessionCookie } from './session-cookie.ts';

class CreateAccountInput {
  @Matches(/^\s*[^\s@]+@[^\s@]+\s*$/, { message: '$property must be an e-mail address' })
  @MaxLength(LIMITS.emailLength)
  @IsWellFormed()
  readonly email!: string;

  @MinLength(LIMITS.passwordMinLength)
  @MaxLength(LIMITS.passwordMaxLength)
  @IsWellFormed()
  readonly password!: string;

  @Matches(/\S/, { message: '$property must not be empty' })
  @MaxLength(LIMITS.displayNameLength)
  @IsWellFormed()
  @IsString()
  readonly displayName!: string;
}

@Controller('api/accounts')
export class AccountsController {
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
    const account = parseInput(CreateAccountInput, body);
    await this.#limits.countSignup(request.ip);
    const replaces = readSessionToken(request.headers.cookie);
    const signedIn = await this.#rooms.createAccount({ ...account, ...(replaces === undefined ? {} : { replaces }) });
    this.#cookie.set(request, reply, signedIn.token, signedIn);
    return { user: signedIn.user };
  }
}
