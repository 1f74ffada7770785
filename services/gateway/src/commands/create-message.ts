import { Injectable } from '@nestjs/common';
import type { ActionData, ActionOk } from '@parley/protocol';
import { MessageSender } from '../fanout/message-sender.ts';
import { ReadPositions } from '../reading/read-positions.ts';
import { Command, type CommandContext } from './command.ts';

@Injectable()
export class CreateMessage extends Command<'create_message'> {
  readonly action = 'create_message';
  readonly #sender: MessageSender;
  readonly #positions: ReadPositions;

  constructor(sender: MessageSender, positions: ReadPositions) {
    super();
    this.#sender = sender;
    this.#positions = positions;
  }

  /** Awaits nothing before the message is in its room's queue, so that the queue keeps the order of the frames. */
  async handle(
    { roomId, messageId, text, attachmentIds = [], replyTo, mentions }: ActionData<'create_message'>,
    { connection: { userId } }: CommandContext,
  ): Promise<ActionOk<'create_message'>> {
    const message = await this.#sender.send(roomId, {
      ...{ userId, messageId, text, attachmentIds },
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(mentions === undefined ? {} : { mentions }),
    });
    this.#positions.addAuthored({ userId, roomId, seq: message.seq });
    return { message };
  }
}
