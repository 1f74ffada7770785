interface FakeTimer {
  at: number;
  readonly task: () => void;
  /** Set for a task that repeats. */
  readonly interval?: number;
}

/** A Clock of @parley/platform that stands still until a test advances it. */
export class FakeClock {
  #epoch: number;
  #monotonic = 0;
  readonly #timers = new Set<FakeTimer>();

  /** @param startsAt the first value of now(), in milliseconds since the epoch */
  constructor(startsAt = 0) {
    this.#epoch = startsAt;
  }

  now(): number {
    return this.#epoch + this.#monotonic;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(milliseconds: number, task: () => void): () => void {
    return this.#add({ at: this.#monotonic + milliseconds, task });
  }

  every(milliseconds: number, task: () => void): () => void {
    return this.#add({ at: this.#monotonic + milliseconds, task, interval: milliseconds });
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** Runs all timers that fall due, in order, including those that are set meanwhile. */
  advance(milliseconds: number): void {
    const end = this.#monotonic + milliseconds;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#monotonic = next.at;
      if (next.interval === undefined) this.#timers.delete(next);
      else next.at += next.interval;
      next.task();
    }
    this.#monotonic = end;
  }

  /** Sets the time of the machine: now() jumps, no timer runs. */
  setNow(now: number): void {
    this.#epoch = now - this.#monotonic;
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  #add(timer: FakeTimer): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}
