import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '@parley/platform';
import { HEARTBEAT_MS } from '@parley/protocol';
import type { Pulse } from './output.ts';

/** What the heartbeat keeps alive. */
export interface Beating {
  /** The tick in which something was last written to it. */
  readonly lastWrite: number;
  /** Nothing was written for a whole interval, or `due` is false and this is a look at whether it still lives. */
  beat(due: boolean): void;
  readonly closed: boolean;
}

const TICK_MS = 1_000;
/** One less than the interval, since a write falls somewhere within its tick. */
const INTERVAL_TICKS = HEARTBEAT_MS / TICK_MS - 1;

/**
 * One timer for all sockets: a wheel with a slot for every second, each socket in the slot in which it will have been
 * silent for long enough. Every socket is looked at once an interval at least.
 */
@Injectable()
export class Heartbeat implements Pulse, OnApplicationShutdown {
  readonly #clock: Clock;
  readonly #slots: Set<Beating>[] = Array.from({ length: INTERVAL_TICKS }, () => new Set());
  #cancel: (() => void) | undefined;
  #tick = 0;

  constructor(@Inject(CLOCK) clock: Clock) {
    this.#clock = clock;
  }

  get tick(): number {
    return this.#tick;
  }

  /** Starts with the first socket; those that are closed leave by themselves. */
  add(socket: Beating): void {
    this.#slot(this.#tick + INTERVAL_TICKS).add(socket);
    this.#cancel ??= this.#clock.after(TICK_MS, this.#advance);
  }

  onApplicationShutdown(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  readonly #advance = (): void => {
    this.#cancel = this.#clock.after(TICK_MS, this.#advance);
    this.#tick += 1;
    const index = this.#tick % INTERVAL_TICKS;
    const sockets = this.#slots[index];
    this.#slots[index] = new Set();
    for (const socket of sockets ?? []) {
      if (socket.closed) continue;
      const silentUntil = socket.lastWrite + INTERVAL_TICKS;
      socket.beat(silentUntil <= this.#tick);
      this.#slot(silentUntil <= this.#tick ? this.#tick + INTERVAL_TICKS : silentUntil).add(socket);
    }
  };

  #slot(tick: number): Set<Beating> {
    const index = tick % INTERVAL_TICKS;
    return (this.#slots[index] ??= new Set());
  }
}
