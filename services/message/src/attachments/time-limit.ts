/** One time limit for several steps: each may use the remaining seconds. */
export class TimeLimit {
  readonly #end: number;
  readonly #now: () => number;

  /** Starts now. `now` returns milliseconds. */
  constructor(seconds: number, now = () => performance.now()) {
    this.#now = now;
    this.#end = now() + seconds * 1_000;
  }

  /** Remaining seconds, rounded up; 0 when the time is over. */
  secondsLeft(): number {
    return Math.max(0, Math.ceil((this.#end - this.#now()) / 1_000));
  }
}
