import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, type MessageApi } from '@parley/contracts';
import { LOGGER, type Logger } from '@parley/platform';
import type { RoomId, UserId } from '@parley/protocol';

interface Position {
  readonly userId: UserId;
  readonly roomId: RoomId;
  readonly seq: number;
}

/** What the message service keeps of unread mentions, for people who have read them or may not any more. */
@Injectable()
export class UnreadMentions {
  readonly #messages: Pick<MessageApi, 'clearMentions'>;
  readonly #logger: Logger;

  constructor(@Inject(MESSAGE_API) messages: Pick<MessageApi, 'clearMentions'>, @Inject(LOGGER) logger: Logger) {
    this.#messages = messages;
    this.#logger = logger;
  }

  /**
   * Forgets those up to each position (a person and room once); how many are left of each, in that order. Empty when the
   * message service fails: what stays lies before what its person has read and counts no more, and the next reading
   * takes it along.
   */
  async clear(positions: readonly Position[]): Promise<readonly number[]> {
    if (positions.length === 0) return [];
    try {
      return (await this.#messages.clearMentions({ positions })).counts;
    } catch (error) {
      this.#logger.warn({ err: error, positions: positions.length }, 'Mentions that are read were not cleared.');
      return [];
    }
  }
}
