/** Cancels a scheduled call; calling it again does nothing. */
export type Cancel = () => void;

/** Time, passed in so that tests control it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once, `ms` milliseconds from now, unless cancelled before. */
  after(ms: number, run: () => void): Cancel;
}

/** Returns a number in [0, 1), as Math.random does. */
export type Random = () => number;

/** A clock whose timers are all cancelled once it is stopped. */
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
