import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '@parley/platform';
import { HEARTBEAT_MS } from '@parley/protocol';
import type { TickSource } from './output.ts';

/** A connection that the heartbeat keeps alive. */
export interface HeartbeatTarget {
  /** The tick of the last write to it. */
  readonly lastWrite: number;
  /** Called at least once per interval. `isSilent`: nothing has been written for an interval. */
  onHeartbeat(isSilent: boolean): void;
  readonly closed: boolean;
}

const TICK_MS = 1_000;
/** One tick less than the interval, since a write may happen at any time within its tick. */
const INTERVAL_TICKS = HEARTBEAT_MS / TICK_MS - 1;

/**
 * Sends heartbeats to silent connections. One timer drives a wheel with a slot per second; each connection is in the slot
 * in which its next heartbeat is due if nothing is written before. Every connection is checked at least once per interval.
 */
@Injectable()
export class Heartbeat implements TickSource, OnApplicationShutdown {
  readonly #clock: Clock;
  readonly #slots: Set<HeartbeatTarget>[] = Array.from({ length: INTERVAL_TICKS }, () => new Set());
  #cancel: (() => void) | undefined;
  #tick = 0;

  constructor(@Inject(CLOCK) clock: Clock) {
    this.#clock = clock;
  }

  get tick(): number {
    return this.#tick;
  }

  /** Starts the timer with the first connection. Closed connections are removed when their slot is due. */
  add(socket: HeartbeatTarget): void {
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
      socket.onHeartbeat(silentUntil <= this.#tick);
      this.#slot(silentUntil <= this.#tick ? this.#tick + INTERVAL_TICKS : silentUntil).add(socket);
    }
  };

  #slot(tick: number): Set<HeartbeatTarget> {
    const index = tick % INTERVAL_TICKS;
    return (this.#slots[index] ??= new Set());
  }
}
