/** Undoes what it was returned for; calling it again does nothing. */
export type Cancel = () => void;

/** Time, passed in wherever it is needed, so that tests can turn it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once, `ms` milliseconds from now, unless cancelled before. */
  after(ms: number, run: () => void): Cancel;
}

/** A number in [0, 1), as Math.random gives it. */
export type Random = () => number;

/** A clock of which nothing runs any more once it is stopped. */
export function stoppable(clock: Clock): Clock & { stop(): void } {
  const running = new Set<Cancel>();
  let isStopped = false;
  return {
    now: () => clock.now(),
    after: (ms, run) => {
      if (isStopped) return () => undefined;
      const cancel = clock.after(ms, () => {
        running.delete(cancel);
        run();
      });
      running.add(cancel);
      return () => {
        running.delete(cancel);
        cancel();
      };
    },
    stop: () => {
      isStopped = true;
      for (const cancel of running) cancel();
      running.clear();
    },
  };
}
