import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { ROOM_API, type RoomApi } from '@parley/contracts';
import { parseInput } from '@parley/contracts/validation';
import { LIMITS, type UsersBody } from '@parley/protocol';
import { IsWellFormed } from '@parley/protocol/validation';
import { MaxLength } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { requireSessionToken } from './session-cookie.ts';

class FindUsersInput {
  @MaxLength(LIMITS.emailLength)
  @IsWellFormed()
  readonly query!: string;
}

@Controller('api/users')
export class UsersController {
  readonly #rooms: RoomApi;

  constructor(@Inject(ROOM_API) rooms: RoomApi) {
    this.#rooms = rooms;
  }

  @Get()
  async find(@Query() parameters: unknown, @Req() request: FastifyRequest): Promise<UsersBody> {
    const token = requireSessionToken(request.headers.cookie);
    const { user } = await this.#rooms.getSession({ token });
    const query = parseInput(FindUsersInput, parameters).query.trim();
    return query === '' ? { users: [] } : this.#rooms.findUsers({ userId: user.userId, query });
  }
}
