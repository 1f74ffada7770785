import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import type { ActionOk, MessageId, RoomId } from '@parley/protocol';
import { IsId } from '../input.ts';
import { Command, type CommandContext } from './command.ts';

class DeleteMessageInput {
  @IsId()
  readonly roomId!: RoomId;

  @IsId()
  readonly messageId!: MessageId;
}

@Injectable()
export class DeleteMessage extends Command<'delete_message', DeleteMessageInput> {
  readonly action = 'delete_message';
  readonly Input = DeleteMessageInput;
  readonly #messages: MessageApi;

  constructor(@Inject(MESSAGE_API) messages: MessageApi) {
    super();
    this.#messages = messages;
  }

  handle(
    { roomId, messageId }: DeleteMessageInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'delete_message'>> {
    return this.#messages.deleteMessage({ userId, roomId, messageId });
  }
}
