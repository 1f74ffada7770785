import { useEventListener } from '@vueuse/core';
import { useEngineStore } from '../stores/engine.ts';

/** Short beside the minutes until a user counts as away, and long enough that not every key is a message. */
const REPORT_INTERVAL_MS = 30_000;
const INPUTS = ['keydown', 'pointerdown', 'wheel', 'touchstart', 'touchmove'] as const;

/** Reports input in this tab to the engine, which decides whether the user is away. */
export function useActivityReport(): void {
  const engine = useEngineStore();
  let reportedAt = -Infinity;

  function report(): void {
    const now = performance.now();
    if (now - reportedAt < REPORT_INTERVAL_MS) return;
    reportedAt = now;
    engine.request('set_active', {}).catch(() => undefined);
  }

  // In the capture phase: a component may stop the propagation of an input.
  useEventListener(window, [...INPUTS], report, { capture: true, passive: true });
}
