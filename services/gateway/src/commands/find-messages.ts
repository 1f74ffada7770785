import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import { LIMITS, type ActionOk, type MessageId, type RoomId } from '@parley/protocol';
import { ArrayMaxSize, IsArray } from 'class-validator';
import { AreIds, IsId, TOO_LARGE } from '../input.ts';
import { Command, type CommandContext } from './command.ts';

class FindMessagesInput {
  @IsId()
  readonly roomId!: RoomId;

  @AreIds()
  @ArrayMaxSize(LIMITS.messagesPerFind, TOO_LARGE)
  @IsArray()
  readonly messageIds!: MessageId[];
}

@Injectable()
export class FindMessages extends Command<'find_messages', FindMessagesInput> {
  readonly action = 'find_messages';
  readonly Input = FindMessagesInput;
  override readonly paged = true;
  readonly #messages: MessageApi;

  constructor(@Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#messages = messages;
  }

  handle(
    { roomId, messageIds }: FindMessagesInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'find_messages'>> {
    return this.#messages.findMessages({ userId, roomId, messageIds });
  }
}
