import { Inject, Injectable } from '@nestjs/common';
import { MESSAGE_API, ParleyError, type MessageApi } from '@parley/contracts';
import { CLOCK, LOGGER, type Clock, type Logger } from '@parley/platform';
import { LIMITS, type EventsPage, type RoomId } from '@parley/protocol';
import type { LocalRoom } from './local-room.ts';
import { toBatch, type Batch } from './log-order.ts';

/** A longer gap is left to the clients: each fetches what it shows. */
const MAX_PAGES = 5;
/** Delays between attempts; after the last failure the repair gives up. */
const RETRY_AFTER_MS = [200, 400, 800, undefined];

/** Repairs gaps in a room's log: fetches what the bus lost, once for all subscriptions of the room. */
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
   * Passes on all entries after the last one that was passed on. If they cannot be fetched, they are skipped and clients
   * are asked to resync; subscriptions that are closed at that time are asked when they open. Never rejects.
   */
  async fill(room: LocalRoom, pass: (batches: readonly Batch[]) => void): Promise<void> {
    for (let pages = 1; pages <= MAX_PAGES; pages++) {
      const page = await this.#fetch(room.roomId, room.order.lastSeq ?? 0);
      const first = page?.events.at(0);
      const last = page?.events.at(-1);
      if (page === undefined || first === undefined || last === undefined) {
        if (room.order.hasGap) this.#skip(room, room.order.skipGap(), pass);
        return;
      }
      pass(room.order.accept(toBatch(page.events, first.seq, last.seq)));
      if (!room.order.hasGap && (room.order.lastSeq ?? 0) >= page.head) return;
      if (pages === MAX_PAGES) this.#skip(room, room.order.skipTo(page.head), pass);
    }
  }

  #skip(room: LocalRoom, batches: readonly Batch[], pass: (batches: readonly Batch[]) => void): void {
    for (const { subscriber, isOpen } of room.subscriptions) if (isOpen) subscriber.resync(room.roomId);
    pass(batches);
  }

  async #fetch(roomId: RoomId, after: number): Promise<EventsPage | undefined> {
    for (const retryAfterMs of RETRY_AFTER_MS) {
      try {
        return await this.#messages.getMissedEvents({ roomId, after, limit: LIMITS.eventsPerPage });
      } catch (error) {
        this.#logger.warn({ err: error, roomId, after }, 'Failed to fetch missed entries of a room.');
        if (retryAfterMs === undefined || !(error instanceof ParleyError && error.retryable)) return undefined;
        await this.#clock.sleep(retryAfterMs);
      }
    }
    return undefined;
  }
}
