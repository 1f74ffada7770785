import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ParleyError, ROOM_API, type Reading, type ReadingResult, type RoomApi } from '@parley/contracts';
import { CLOCK, CoalescedRuns, LOGGER, type Clock, type Logger } from '@parley/platform';
import type { ActionOk } from '@parley/protocol';
import { chunks } from '../rpc/chunks.ts';

type ReadPosition = ActionOk<'read_room'>;

interface Waiter {
  readonly resolve: (position: ReadPosition) => void;
  readonly reject: (error: unknown) => void;
}

interface PendingReading {
  reading: Reading;
  readonly waiters: Waiter[];
}

/** Minimum time between two writes of a gateway: a busy room costs each of its readers at most four writes a second. */
export const WRITE_INTERVAL_MS = 250;
/** No client waits for positions of authors, so they are written with the next read position, or after this delay. */
export const AUTHORED_DELAY_MS = 1_000;
/** Positions of authors that are kept for a retry while the room service is unavailable. */
const MAX_RETRIED = 10_000;

/**
 * Writes the read positions of this gateway's users in batches: one call per write interval, with the furthest position
 * of each user and room. A position is answered once it is stored.
 */
@Injectable()
export class ReadPositions implements OnApplicationShutdown {
  readonly #rooms: Pick<RoomApi, 'readRooms'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #pending = new Map<string, PendingReading>();
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  #lastWrite = -Infinity;
  readonly #writes = new CoalescedRuns(() => this.#write());

  constructor(
    @Inject(ROOM_API) rooms: Pick<RoomApi, 'readRooms'>,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#rooms = rooms;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Resolves with the stored position. Rejects with `not_member` or `unavailable`. */
  read(reading: Omit<Reading, 'byWriting'>): Promise<ReadPosition> {
    return new Promise((resolve, reject) => {
      this.#add(reading).waiters.push({ resolve, reject });
      this.#writeAt(Math.max(this.#clock.monotonic(), this.#lastWrite + WRITE_INTERVAL_MS));
    });
  }

  /** Records that an author has read up to their own message. */
  addAuthored(reading: Omit<Reading, 'byWriting'>): void {
    this.#add({ ...reading, byWriting: true });
    this.#writeAt(this.#clock.monotonic() + AUTHORED_DELAY_MS);
  }

  /** Writes pending positions without the authors' delay, since a closing client may reconnect to another gateway. */
  flushSoon(): void {
    if (this.#pending.size > 0) this.#writeAt(Math.max(this.#clock.monotonic(), this.#lastWrite + WRITE_INTERVAL_MS));
  }

  /** Runs when the connections are closed, and before the clients of the services are. */
  async onApplicationShutdown(): Promise<void> {
    await this.#writes.run();
    this.#timer?.cancel();
  }

  #add(reading: Reading): PendingReading {
    const key = `${reading.roomId} ${reading.userId}`;
    const pending = this.#pending.get(key) ?? { reading, waiters: [] };
    this.#pending.set(key, pending);
    pending.reading = furthest(pending.reading, reading);
    return pending;
  }

  #writeAt(at: number): void {
    if (this.#timer !== undefined && this.#timer.at <= at) return;
    this.#timer?.cancel();
    const cancel = this.#clock.after(Math.max(0, at - this.#clock.monotonic()), () => {
      void this.#writes.run();
    });
    this.#timer = { at, cancel };
  }

  async #write(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#lastWrite = this.#clock.monotonic();
    const taken = [...this.#pending.values()];
    this.#pending = new Map();
    for (const chunk of chunks(taken)) await this.#writeChunk(chunk);
  }

  async #writeChunk(taken: readonly PendingReading[]): Promise<void> {
    try {
      const { results } = await this.#rooms.readRooms({ readings: taken.map(({ reading }) => reading) });
      taken.forEach((pending, index) => {
        settle(pending, results[index]);
      });
    } catch (error) {
      this.#logger.warn({ err: error, readings: taken.length }, 'Failed to store read positions.');
      for (const { waiters } of taken) for (const { reject } of waiters) reject(error);
      this.#retryAuthored(taken);
    }
  }

  /** Clients repeat their own read positions, but do not know of those that come from writing. */
  #retryAuthored(taken: readonly PendingReading[]): void {
    for (const { reading } of taken)
      if (this.#pending.size < MAX_RETRIED && reading.byWriting) this.addAuthored(reading);
  }
}

/** `byWriting` (no receipt is published) stays only if both come from writing. */
function furthest(one: Reading, other: Reading): Reading {
  const { byWriting: _byWriting, ...reading } = one.seq >= other.seq ? one : other;
  return one.byWriting && other.byWriting ? { ...reading, byWriting: true } : reading;
}

function settle({ waiters }: PendingReading, result: ReadingResult | undefined): void {
  for (const { resolve, reject } of waiters) {
    if (result === undefined) reject(new ParleyError('unavailable', 'The room service did not answer. Try again.'));
    else if ('error' in result) reject(ParleyError.fromWire(result.error));
    else resolve(result);
  }
}
