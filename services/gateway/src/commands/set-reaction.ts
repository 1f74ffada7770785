import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import { LIMITS, type ActionOk, type MessageId, type RoomId } from '@parley/protocol';
import { IsBoolean, IsString, MaxLength } from 'class-validator';
import { IsId } from '../input.ts';
import { Command, type CommandContext } from './command.ts';

class SetReactionInput {
  @IsId()
  readonly roomId!: RoomId;

  @IsId()
  readonly messageId!: MessageId;

  /** The message service knows what an emoji is. */
  @MaxLength(LIMITS.emojiLength)
  @IsString()
  readonly emoji!: string;

  @IsBoolean()
  readonly on!: boolean;
}

@Injectable()
export class SetReaction extends Command<'set_reaction', SetReactionInput> {
  readonly action = 'set_reaction';
  readonly Input = SetReactionInput;
  readonly #messages: MessageApi;

  constructor(@Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#messages = messages;
  }

  handle(
    { roomId, messageId, emoji, on }: SetReactionInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'set_reaction'>> {
    return this.#messages.setReaction({ userId, roomId, messageId, emoji, on });
  }
}
