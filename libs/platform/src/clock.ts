import { setTimeout as sleep } from 'node:timers/promises';

/** The time and the timers of a process. Tests pass the FakeClock of @parley/testing. */
export interface Clock {
  /** Milliseconds since the epoch. Jumps when the time of the machine is set; use it for times that are stored. */
  now(): number;
  /** Milliseconds since a fixed moment. Never goes back; use it for durations and deadlines. */
  monotonic(): number;
  /** Runs the task once, after this delay. Returns a function that cancels it. */
  after(milliseconds: number, task: () => void): () => void;
  /** Runs the task again and again, with this delay between. Returns a function that stops it. */
  every(milliseconds: number, task: () => void): () => void;
  sleep(milliseconds: number): Promise<void>;
}

/** Injection token of the Clock. */
export const CLOCK = Symbol('Clock');

/** The clock of the machine. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(milliseconds, task) {
    const interval = setInterval(task, milliseconds);
    interval.unref();
    return () => clearInterval(interval);
  },
  sleep: (milliseconds) => sleep(milliseconds),
};
