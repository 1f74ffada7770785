import type { GatewayPorts } from './in-process.ts';

/** Time that passes so many times as fast: what a gateway does every 30 s, it does several times a second. */
export const hastyClock = (haste: number): GatewayPorts['clock'] => ({
  now: () => performance.now() * haste,
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds / haste);
    timer.unref();
    return () => clearTimeout(timer);
  },
});
