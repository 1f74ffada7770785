/** One limit over several steps: each may take what those before it have left. */
export class TimeLimit {
  readonly #end: number;
  readonly #now: () => number;

  /** From now on; `now` in milliseconds. */
  constructor(seconds: number, now = () => performance.now()) {
    this.#now = now;
    this.#end = now() + seconds * 1_000;
  }

  /** Whole seconds, the last one begun counting; 0 when the time is over. */
  secondsLeft(): number {
    return Math.max(0, Math.ceil((this.#end - this.#now()) / 1_000));
  }
}
