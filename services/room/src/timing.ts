/** Injection token of the clock: milliseconds since the epoch. */
export const CLOCK = Symbol('Clock');
export type Clock = () => number;

/** Injection token of the timer. */
export const TIMER = Symbol('Timer');
/** Calls `run` every so many milliseconds; returns its stop. */
export type Timer = (everyMs: number, run: () => void) => () => void;

/** The timer of a running service; it alone does not keep the process alive. */
export const intervalTimer: Timer = (everyMs, run) => {
  const interval = setInterval(run, everyMs);
  interval.unref();
  return () => clearInterval(interval);
};
