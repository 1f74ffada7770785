import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import { LOGGER, type Logger } from '@parley/platform';
import type { RoomId, UserId } from '@parley/protocol';

interface Position {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly seq: number;
}

/** Clears unread mentions in the message service for users who have read them or left the room. */
@Injectable()
export class UnreadMentions {
  readonly #messages: Pick<MessageApi, 'clearMentions'>;
  readonly #logger: Logger;

  constructor(@Inject(MESSAGE_API) messages: Pick<MessageApi, 'clearMentions'>, @Inject(LOGGER) logger: Logger) {
    this.#messages = messages;
    this.#logger = logger;
  }

  /**
   * Clears the mentions up to each position and returns how many are left, in that order; each user and room may occur
   * once. Returns an empty list when the message service fails: mentions that stay are before the read position, are not
   * counted, and are cleared by the next call.
   */
  async clear(positions: readonly Position[]): Promise<readonly number[]> {
    if (positions.length === 0) return [];
    try {
      return (await this.#messages.clearMentions({ positions })).counts;
    } catch (error) {
      this.#logger.warn({ err: error, positions: positions.length }, 'Failed to clear read mentions.');
      return [];
    }
  }
}
