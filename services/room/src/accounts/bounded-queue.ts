import { ParleyError } from '@parley/contracts';

/** Runs at most `atOnce` tasks at a time; at most `maxWaiting` more wait their turn, in order. */
export class BoundedQueue {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly bounds: { atOnce: number; maxWaiting: number; retryAfterMs: number }) {}

  /** `unavailable` when too many wait already; otherwise what the task resolves or rejects with. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    await this.#takePlace();
    try {
      return await task();
    } finally {
      this.#givePlace();
    }
  }

  async #takePlace(): Promise<void> {
    if (this.#running < this.bounds.atOnce) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.bounds.maxWaiting) {
      throw new ParleyError('unavailable', 'Too many people are signing in just now. Try again in a few seconds.', {
        retryAfterMs: this.bounds.retryAfterMs,
      });
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #givePlace(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}
