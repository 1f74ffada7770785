import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ParleyError, ROOM_API, type Reading, type ReadingResult, type RoomApi } from '@parley/contracts';
import { CLOCK, CoalescedRuns, LOGGER, type Clock, type Logger } from '@parley/platform';
import type { ActionOk } from '@parley/protocol';
import { slices } from '../rooms/slices.ts';

type ReadPosition = ActionOk<'read_room'>;

interface Waiter {
  readonly resolve: (position: ReadPosition) => void;
  readonly reject: (error: unknown) => void;
}

interface Waiting {
  reading: Reading;
  readonly waiters: Waiter[];
}

/** Between the writes of a gateway: a room in which much is read costs each of its readers four writes a second. */
export const PACE_MS = 250;
/** Of writing nobody waits for the position: it goes with the next that is read, or then. */
export const WRITING_MS = 1_000;
/** So many positions of people who wrote are kept for when the room service is back. */
const MAX_KEPT = 10_000;

/**
 * Up to where the people of this gateway have read: what comes within one pace goes as one write, the furthest of each
 * person and room. What was answered is stored.
 */
@Injectable()
export class ReadPositions implements OnApplicationShutdown {
  readonly #rooms: Pick<RoomApi, 'readRooms'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #waiting = new Map<string, Waiting>();
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

  /** Resolves with the position as it is stored. Rejects with `not_member`, or `unavailable`. */
  read(reading: Omit<Reading, 'byWriting'>): Promise<ReadPosition> {
    return new Promise((resolve, reject) => {
      this.#add(reading).waiters.push({ resolve, reject });
      this.#writeAt(Math.max(this.#clock.monotonic(), this.#lastWrite + PACE_MS));
    });
  }

  /** Whoever writes has read up to there. */
  wrote(reading: Omit<Reading, 'byWriting'>): void {
    this.#add({ ...reading, byWriting: true });
    this.#writeAt(this.#clock.monotonic() + WRITING_MS);
  }

  /** Somebody goes, and may come back through another gateway: what waits does not wait longer than it must. */
  hurry(): void {
    if (this.#waiting.size > 0) this.#writeAt(Math.max(this.#clock.monotonic(), this.#lastWrite + PACE_MS));
  }

  /** The connections are closed by then, and the services still there. */
  async onApplicationShutdown(): Promise<void> {
    await this.#writes.run();
    this.#timer?.cancel();
  }

  #add(reading: Reading): Waiting {
    const key = `${reading.roomId} ${reading.userId}`;
    const waiting = this.#waiting.get(key) ?? { reading, waiters: [] };
    this.#waiting.set(key, waiting);
    waiting.reading = furthest(waiting.reading, reading);
    return waiting;
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
    const taken = [...this.#waiting.values()];
    this.#waiting = new Map();
    for (const slice of slices(taken)) await this.#writeSlice(slice);
  }

  async #writeSlice(taken: readonly Waiting[]): Promise<void> {
    try {
      const { results } = await this.#rooms.readRooms({ readings: taken.map(({ reading }) => reading) });
      taken.forEach((waiting, index) => {
        settle(waiting, results[index]);
      });
    } catch (error) {
      this.#logger.warn({ err: error, readings: taken.length }, 'Up to where people have read was not stored.');
      for (const { waiters } of taken) for (const { reject } of waiters) reject(error);
      this.#keep(taken);
    }
  }

  /** Whoever asked asks again; whoever wrote does not know of this. */
  #keep(taken: readonly Waiting[]): void {
    for (const { reading } of taken) if (this.#waiting.size < MAX_KEPT && reading.byWriting) this.wrote(reading);
  }
}

/** Told to others only if somebody said so. */
function furthest(one: Reading, other: Reading): Reading {
  const { byWriting: _byWriting, ...reading } = one.seq >= other.seq ? one : other;
  return one.byWriting && other.byWriting ? { ...reading, byWriting: true } : reading;
}

function settle({ waiters }: Waiting, result: ReadingResult | undefined): void {
  for (const { resolve, reject } of waiters) {
    if (result === undefined) reject(new ParleyError('unavailable', 'The room service gave no answer. Try again.'));
    else if ('error' in result) reject(ParleyError.fromWire(result.error));
    else resolve(result);
  }
}
