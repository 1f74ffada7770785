/** Time as the gateway sees it; tests pass a FakeClock. */
export interface Clock {
  /** Milliseconds; only differences mean anything. */
  now(): number;
  /** Runs the task once, after so many milliseconds. Returns its cancellation. */
  after(milliseconds: number, task: () => void): () => void;
}

/** Injection token of the Clock. */
export const CLOCK = Symbol('Clock');

export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
