import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import { LIMITS, type ActionOk, type RoomId, type UserId } from '@parley/protocol';
import { IsString, MaxLength, MinLength } from 'class-validator';
import { IsCursor, IsId, IsPageLimit, IsWellFormed, MayBeAbsent } from '../input.ts';
import { Command, type CommandContext } from './command.ts';

class SearchMessagesInput {
  @MaxLength(LIMITS.searchQueryLength)
  @MinLength(1)
  @IsWellFormed()
  @IsString()
  readonly query!: string;

  @MayBeAbsent()
  @IsId()
  readonly roomId?: RoomId;

  @MayBeAbsent()
  @IsId()
  readonly userId?: UserId;

  @MayBeAbsent()
  @IsPageLimit(LIMITS.messagesPerSearch)
  readonly limit: number = LIMITS.messagesPerSearch;

  @MayBeAbsent()
  @IsCursor()
  readonly before?: string;
}

@Injectable()
export class SearchMessages extends Command<'search_messages', SearchMessagesInput> {
  readonly action = 'search_messages';
  readonly Input = SearchMessagesInput;
  override readonly paged = true;
  readonly #messages: MessageApi;

  constructor(@Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#messages = messages;
  }

  handle(
    { query, roomId, userId: author, limit, before }: SearchMessagesInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'search_messages'>> {
    return this.#messages.searchMessages({
      ...{ userId, query, limit },
      ...(roomId === undefined ? {} : { roomId }),
      ...(author === undefined ? {} : { author }),
      ...(before === undefined ? {} : { before }),
    });
  }
}
