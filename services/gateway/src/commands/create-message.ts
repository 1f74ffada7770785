import { Injectable } from '@nestjs/common';
import { LIMITS, type ActionOk, type AttachmentId, type MessageId, type RoomId, type UserId } from '@parley/protocol';
import { ArrayMaxSize, IsArray, IsString, MaxLength } from 'class-validator';
import { MessageSender } from '../fanout/message-sender.ts';
import { AreIds, IsId, IsWellFormed, MayBeAbsent, TOO_LARGE } from '../input.ts';
import { ReadPositions } from '../reading/read-positions.ts';
import { Command, type CommandContext } from './command.ts';

class CreateMessageInput {
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
  @ArrayMaxSize(LIMITS.attachmentsPerMessage, TOO_LARGE)
  @IsArray()
  readonly attachmentIds: AttachmentId[] = [];

  @MayBeAbsent()
  @IsId()
  readonly replyTo?: MessageId;

  @MayBeAbsent()
  @AreIds()
  @ArrayMaxSize(LIMITS.mentionsPerMessage, TOO_LARGE)
  @IsArray()
  readonly mentions?: UserId[];
}

@Injectable()
export class CreateMessage extends Command<'create_message', CreateMessageInput> {
  readonly action = 'create_message';
  readonly Input = CreateMessageInput;
  readonly #sender: MessageSender;
  readonly #positions: ReadPositions;

  constructor(sender: MessageSender, positions: ReadPositions) {
    super();
    this.#sender = sender;
    this.#positions = positions;
  }

  /** Nothing is awaited before the message stands in its room's queue: the order of the queue is that of the frames. */
  async handle(
    { roomId, messageId, text, attachmentIds, replyTo, mentions }: CreateMessageInput,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'create_message'>> {
    const message = await this.#sender.send(roomId, {
      ...{ userId, messageId, text, attachmentIds },
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(mentions === undefined ? {} : { mentions }),
    });
    this.#positions.wrote({ userId, roomId, seq: message.seq });
    return { message };
  }
}
