import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import { LIMITS, type ActionOk, type MessageId, type RoomId, type UserId } from '@parley/protocol';
import { ArrayMaxSize, IsArray, IsString, MaxLength } from 'class-validator';
import { AreIds, IsId, IsWellFormed, MayBeAbsent, TOO_LARGE } from '../input.ts';
import { Command, type CommandContext } from './command.ts';

class UpdateMessageInput {
  @IsId()
  readonly roomId!: RoomId;

  @IsId()
  readonly messageId!: MessageId;

  @MaxLength(LIMITS.textLength, TOO_LARGE)
  @IsWellFormed()
  @IsString()
  readonly text!: string;

  @MayBeAbsent()
  @AreIds()
  @ArrayMaxSize(LIMITS.mentionsPerMessage, TOO_LARGE)
  @IsArray()
  readonly mentions?: UserId[];
}

@Injectable()
export class UpdateMessage extends Command<'update_message', UpdateMessageInput> {
  readonly action = 'update_message';
  readonly Input = UpdateMessageInput;
  readonly #messages: MessageApi;

  constructor(@Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#messages = messages;
  }

  handle(
    { roomId, messageId, text, mentions }: UpdateMessageInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'update_message'>> {
    const changed = { userId, roomId, messageId, text };
    return this.#messages.updateMessage(mentions === undefined ? changed : { ...changed, mentions });
  }
}
