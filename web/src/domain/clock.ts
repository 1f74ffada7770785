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
