import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, ParleyError, type MessageApi } from '@parley/contracts';
import { CLOCK, LOGGER, type Clock, type Logger } from '@parley/platform';
import { LIMITS, type EventsPage, type RoomId } from '@parley/protocol';
import type { LocalRoom } from './local-room.ts';
import { toBatch, type Batch } from './log-order.ts';

/** Beyond so many pages it costs less that those who want it ask for themselves. */
const MAX_PAGES = 5;
/** How long to wait after each failure but the last, which gives up. */
const RETRY_AFTER_MS = [200, 400, 800, undefined];

/** Fetches what the bus did not bring, once for all members that this gateway has in a room. */
@Injectable()
export class GapFiller {
  readonly #messages: Pick<MessageApi, 'getMissedEvents'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  constructor(
    @Inject(MESSAGE_API) messages: Pick<MessageApi, 'getMissedEvents'>,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#messages = messages;
    this.#clock = clock;
    this.#logger = logger;
  }

  /**
   * Passes on what stands between the last that was passed on and the end of the log. What cannot be had is left out,
   * and everyone in the room told to ask for it; who opens a seat later is told then. Never rejects.
   */
  async fill(room: LocalRoom, pass: (batches: readonly Batch[]) => void): Promise<void> {
    for (let pages = 1; pages <= MAX_PAGES; pages++) {
      const page = await this.#fetch(room.roomId, room.order.lastSeq ?? 0);
      const first = page?.events.at(0);
      const last = page?.events.at(-1);
      if (page === undefined || first === undefined || last === undefined) {
        if (room.order.hasGap) this.#leaveOut(room, room.order.skipGap(), pass);
        return;
      }
      pass(room.order.accept(toBatch(page.events, first.seq, last.seq)));
      if (!room.order.hasGap && (room.order.lastSeq ?? 0) >= page.head) return;
      if (pages === MAX_PAGES) this.#leaveOut(room, room.order.skipTo(page.head), pass);
    }
  }

  #leaveOut(room: LocalRoom, batches: readonly Batch[], pass: (batches: readonly Batch[]) => void): void {
    for (const { holder, isOpen } of room.seats) if (isOpen) holder.resync(room.roomId);
    pass(batches);
  }

  async #fetch(roomId: RoomId, after: number): Promise<EventsPage | undefined> {
    for (const retryAfterMs of RETRY_AFTER_MS) {
      try {
        return await this.#messages.getMissedEvents({ roomId, after, limit: LIMITS.eventsPerPage });
      } catch (error) {
        this.#logger.warn({ err: error, roomId, after }, 'What the bus lost of a room could not be fetched.');
        if (retryAfterMs === undefined || !(error instanceof ParleyError && error.retryable)) return undefined;
        await this.#clock.sleep(retryAfterMs);
      }
    }
    return undefined;
  }
}
