/**
 * A Clock of @parley/platform whose durations pass `factor` times as fast: a gateway does several times a second what it
 * does every 30 s. now() is the time of the machine.
 */
export const acceleratedClock = (factor: number) => ({
  now: () => Date.now(),
  monotonic: () => performance.now() * factor,
  after(milliseconds: number, task: () => void) {
    const timer = setTimeout(task, milliseconds / factor);
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(milliseconds: number, task: () => void) {
    const interval = setInterval(task, milliseconds / factor);
    interval.unref();
    return () => clearInterval(interval);
  },
  sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds / factor)),
});
